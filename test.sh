#!/usr/bin/env bash
# Builds everything and runs every test. Ends with a line "N passed, N failed, N skipped".
#   ./test.sh            the default run
#   ./test.sh --fast     only what is quick and needs neither Node.js nor PostgreSQL, nor the native sidecar; installs nothing
#   ./test.sh --soak     the same tests, with many more rounds where they are random (hours)
#   ./test.sh --filter X only the tests whose full name contains X
#   ./test.sh --clients  only the programs that people use, which no other run has; installs them from npm (some gigabytes, for Linux)
#                        With --filter X, only those whose name contains X
set -euo pipefail
cd "$(dirname "$0")"

fast=0
clients=0
whole=1
name=
filters=()
while [ $# -gt 0 ]; do
  case "$1" in
    --soak) export SPENDGUARD_SOAK=1 ;;
    --fast) fast=1; whole=0; filters+=('Category!=Slow&Needs!=Node&Needs!=Postgres') ;;
    --clients) clients=1; whole=0 ;;
    --filter) whole=0; name=${2:?--filter needs a part of a test name}; shift ;;
    *) echo "usage: ./test.sh [--fast | --soak | --clients] [--filter NAME]" >&2; exit 2 ;;
  esac
  shift
done
if [ "$clients" = 1 ]; then
  filters=('Needs=Clients' ${name:+"DisplayName~$name"})
else
  filters+=('Needs!=Clients' ${name:+"FullyQualifiedName~$name"})
fi

command -v dotnet >/dev/null || { echo "The .NET 10 SDK is needed: https://dot.net" >&2; exit 2; }
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

# Processes that live for seconds gain nothing by profiles, threads that spin, a collector beside them and code that is mapped twice. In a soak
# they live for hours.
[ "${SPENDGUARD_SOAK:-}" = 1 ] ||
  export DOTNET_TieredPGO=0 DOTNET_ThreadPool_UnfairSemaphoreSpinLimit=0 DOTNET_gcConcurrent=0 DOTNET_EnableWriteXorExecute=0

# A snapshot that is not there is a failure, not a new snapshot.
export SNAPSHOOTER_STRICT_MODE=true

# The providers' npm clients are part of the tests. No script of a package runs, so that nothing comes from anywhere else. Nothing of them is skipped, so node has to be here.
node_is_here() { command -v npm >/dev/null && node --eval 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null; }
prepare_node() {
  if ! node_is_here && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Node.js 20 or newer with npm is missing; installing Debian's packages." >&2
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends nodejs npm; } >&2 || true
  fi
  node_is_here || { echo "Node.js 20 or newer with npm is needed for the tests with the providers' npm clients: https://nodejs.org" >&2; exit 2; }

  # The lock of the programs has not all of their packages for other machines, which `npm ci` would ask for.
  local how=ci
  [ "$clients" = 0 ] || how='install --no-save'
  for folder; do
    if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json"; then
      (cd "$folder" && npm $how --no-audit --no-fund --ignore-scripts)
      cp "$folder/package-lock.json" "$folder/node_modules/.installed-lock.json"
    fi
  done
}

# Windows of a calendar are those of a time zone, whose rules a slim machine does not have.
prepare_zones() {
  [ ! -e /usr/share/zoneinfo/Europe/Berlin ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
  { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends tzdata; } >&2 || true
}

# What the tests write, databases first, is in memory where there is room: most of them would wait for the disk most of the time. They kill
# processes and servers, which loses nothing of that either, and no machine. A soak would fill it. SPENDGUARD_TEST_FOLDER names another folder
# to use instead.
prepare_folder() {
  local folder memory=/dev/shm room free
  folder=${SPENDGUARD_TEST_FOLDER:-}
  if [ -z "$folder" ] && [ -w "$memory" ] && [ "${SPENDGUARD_SOAK:-}" != 1 ]; then
    room=$(df -Pk "$memory" | awk 'NR == 2 { print $4 }')
    free=$(awk '/^MemAvailable/ { print $2 }' /proc/meminfo)
    [ "${room:-0}" -lt 2000000 ] || [ "${free:-0}" -lt 6000000 ] || folder=$memory
  fi
  [ -n "$folder" ] || return 0
  folder=$(mktemp -d "$folder/spendguard-tests.XXXXXX")
  at_the_end "rm -rf '$folder'"

  # Programs are run from it, and other users write to it.
  chmod 1777 "$folder"
  printf '#!/bin/sh\n' >"$folder/program" && chmod +x "$folder/program"
  ! "$folder/program" 2>/dev/null || export TMPDIR=$folder
}

cleanup=
at_the_end() { cleanup="$1; $cleanup"; trap "$cleanup" EXIT; }

# A PostgreSQL server of these tests' own, on a socket in a folder of its own and set up to be as durable as a real one; gone at the end. It
# may not run as root. SPENDGUARD_TEST_POSTGRES names another server to use instead.
find_postgres() { { ls -d /usr/lib/postgresql/*/bin /usr/pgsql-*/bin /opt/homebrew/opt/postgresql*/bin 2>/dev/null || true; } | sort -V | tail -1; }
find_pooler() { ls /usr/sbin/pgbouncer /usr/bin/pgbouncer /usr/local/bin/pgbouncer /opt/homebrew/bin/pgbouncer 2>/dev/null | head -1 || true; }
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
stop_postgres() { as_postgres "$1/pg_ctl" -D "$2/data" -m immediate stop >/dev/null 2>&1 || true; rm -rf "$2"; }
start_postgres() {
  [ -z "${SPENDGUARD_TEST_POSTGRES:-}" ] || return 0
  if { [ -z "$(find_postgres)" ] || [ -z "$(find_pooler)" ]; } && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "PostgreSQL or PgBouncer is missing; installing Debian's packages." >&2
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends postgresql pgbouncer; } >&2 || true
  fi

  local bin folder
  bin=$(find_postgres)
  [ -n "$(find_pooler)" ] || { echo "PgBouncer is needed for the tests of the store behind a pooler: https://www.pgbouncer.org" >&2; exit 2; }
  [ -n "$bin" ] || { echo "PostgreSQL 14 or newer is needed for the tests of its store: https://www.postgresql.org" >&2; exit 2; }
  folder=$(cd / && as_postgres mktemp -d -t spendguard-postgres.XXXXXX)
  at_the_end "stop_postgres '$bin' '$folder'"
  (cd "$folder" && as_postgres "$bin/initdb" --pgdata data --username postgres --auth trust --encoding UTF8 --no-locale --no-sync) >/dev/null
  (cd "$folder" && as_postgres "$bin/pg_ctl" --pgdata data --wait --log log \
    --options "-c listen_addresses='' -c unix_socket_directories='$folder' -c max_connections=300 -c max_wal_size=256MB" start) >/dev/null ||
    { cat "$folder/log" >&2; exit 1; }
  export SPENDGUARD_TEST_POSTGRES="Host=$folder;Username=postgres" SPENDGUARD_TEST_POSTGRES_BIN="$bin"
}

prepare_native() {
  if ! command -v clang >/dev/null && ! command -v gcc >/dev/null || [ ! -e /usr/include/zlib.h ]; then
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null ||
      { echo "clang (or gcc) and zlib1g-dev are needed for the native sidecar." >&2; exit 2; }
    apt-get update -qq && apt-get install -y -qq --no-install-recommends clang zlib1g-dev >/dev/null
  fi
}

# Builds the native executable. What the trimmer or the native compiler warns of would fail while it runs, so it fails here.
publish_native() {
  # A lock file of its own: the native compiler is no part of the ordinary build, and its version is that of the SDK. Folders of its own too,
  # as tests pack what the ordinary build has made, at the same time.
  local log=artifacts/native-publish.log
  mkdir -p artifacts
  dotnet publish src/SpendGuard.Sidecar --configuration Release --runtime linux-x64 -p:PublishAot=true -p:RunAnalyzers=false \
    -p:NuGetLockFilePath=obj/native.lock.json -p:RestoreLockedMode=false --artifacts-path "$PWD/artifacts/native-build" \
    --output artifacts/native >"$log" 2>&1 ||
    { cat "$log" >&2; return 1; }
  if grep 'warning IL' "$log" >&2; then
    echo "The native sidecar has warnings of the trimmer or the native compiler." >&2
    return 1
  fi
}

# Runs the tests of one project. What they have to say comes in one piece, so that two projects may run at a time.
run_tests() {
  local name=$1 project=$2 said failed=0
  shift 2
  said=$(dotnet test "tests/$project/bin/Release/net10.0/$project.dll" --results-directory "$results" \
    --logger "trx;LogFilePrefix=$name" --logger "console;verbosity=minimal" "$@" 2>&1) || failed=1
  echo "$said"
  return "$failed"
}

# The tests of a project; or the sidecar's once more, as what ships: one native file. Its tests are the same, but for those that take long.
run_job() {
  if [ "$1" = native ]; then
    publish_native &&
      SPENDGUARD_SIDECAR_EXECUTABLE="$PWD/artifacts/native/SpendGuard.Sidecar" run_tests native-sidecar SpendGuard.Sidecar.BlackBox.Tests \
        --filter "FullyQualifiedName~.Contract.|FullyQualifiedName~.Hostile.|FullyQualifiedName~RunawayLoopTests|FullyQualifiedName~FootprintTests"
  else
    run_tests "$1" "$1" ${2:+--filter "$2"}
  fi
}

# All jobs, the long ones first, so that no lane runs out of them long before the other.
all_jobs() {
  if [ "$clients" = 1 ]; then
    printf '%s\n' SpendGuard.Clients.Tests SpendGuard.Cli.Tests
  else
    { printf 'SpendGuard.%s.Tests\n' Sidecar PostgreSql; [ "$whole" = 0 ] || echo native; printf 'SpendGuard.%s.Tests\n' Cli Sidecar.BlackBox; (cd tests && ls -dr -- *.Tests); } | awk '!seen[$0]++'
  fi
}

export -f run_tests publish_native run_job
export results=artifacts/test-results
rm -rf "$results"

if [ "$clients" = 1 ]; then
  prepare_node tests/clients
  builds=(tests/SpendGuard.Clients.Tests tests/SpendGuard.Cli.Tests)
else
  [ "$fast" = 1 ] || prepare_node tests/clients-node examples/sidecar-node
  builds=(SpendGuard.sln)
fi
for build in "${builds[@]}"; do
  dotnet restore "$build"
  dotnet build "$build" --configuration Release --no-restore
done
[ "$fast" = 1 ] || [ "$clients" = 1 ] || dotnet tool restore
prepare_zones
[ "$whole" = 0 ] || prepare_native
prepare_folder
[ "$fast" = 1 ] || [ "$clients" = 1 ] || start_postgres

failed=0
filter=$(IFS='&'; echo "${filters[*]}")
all_jobs | xargs -P 2 -I '{}' bash -c 'run_job "$@"' - '{}' "$filter" || failed=1

# What the sidecar takes: measured, not judged.
grep -hoE 'Sidecar \((native|on \.NET)\): [^<]*' "$results"/*.trx || true

# The figures are those of the result files, not of this script.
counts=$(cat "$results"/*.trx 2>/dev/null | awk '
  match($0, /<Counters [^>]*>/) {
    counters = substr($0, RSTART, RLENGTH)
    total += figure("total"); executed += figure("executed"); passed += figure("passed")
  }
  function figure(name) {
    if (!match(counters, " " name "=\"[0-9]+\"")) return 0
    return substr(counters, RSTART + length(name) + 3, RLENGTH - length(name) - 4) + 0
  }
  END { printf "%d passed, %d failed, %d skipped", passed, executed - passed, total - executed }')
echo "$counts"

case "$counts" in "0 passed"*) exit 1 ;; esac
exit "$failed"
