# For the examples to source: starts the sidecar, and a simulated provider unless there is a key for the real one.
#   SIDECAR      the sidecar's address
#   PROVIDER     the simulated provider's address; empty when the calls go to OpenAI
# Both run until the script that sourced this ends. Free ports are taken and a fresh budget file, so that nothing is in the way.
#
# EXAMPLES_BUILT says that the programs are built already, and in which configuration.
ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SCRATCH=$(mktemp -d)
STARTED=()

clean_up() {
  local process
  for process in "${STARTED[@]}"; do kill "$process" 2>/dev/null || true; done
  for process in "${STARTED[@]}"; do wait "$process" 2>/dev/null || true; done
  rm -rf "$SCRATCH"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

fail() { echo "$*" >&2; exit 2; }

# await_line LOG PATTERN PROCESS: prints the first match in the log, once it is there.
await_line() {
  local found
  for _ in $(seq 600); do
    found=$(grep -om1 -- "$2" "$1" || true)
    if [ -n "$found" ]; then echo "$found"; return; fi
    kill -0 "$3" 2>/dev/null || break
    sleep 0.1
  done
  cat "$1" >&2
  return 1
}

build() {
  command -v dotnet >/dev/null || fail "The .NET 10 SDK is needed: https://dot.net"
  echo "Building ..."
  local project
  for project in examples/SimulatedProvider src/SpendGuard.Sidecar; do
    dotnet build "$ROOT/$project" --configuration Release --nologo --verbosity quiet > "$SCRATCH/build.log" \
      || { cat "$SCRATCH/build.log" >&2; fail "The build failed."; }
  done
}

start_sidecar() {
  local configuration=${EXAMPLES_BUILT:-Release}
  [ -n "${EXAMPLES_BUILT:-}" ] || build

  PROVIDER=
  if [ -z "${OPENAI_API_KEY:-}" ]; then
    dotnet "$ROOT/examples/SimulatedProvider/bin/$configuration/net10.0/SimulatedProvider.dll" > "$SCRATCH/provider.log" 2>&1 &
    STARTED+=($!)
    PROVIDER=$(await_line "$SCRATCH/provider.log" 'http://.*' $!) || fail "The simulated provider did not start."
    export OPENAI_API_KEY=no-key-needed OPENAI_BASE_URL="$PROVIDER/v1"
  fi

  # The prices that ship with SpendGuard; in earnest, prices are signed and fetched.
  ASPNETCORE_URLS=http://127.0.0.1:0 CAP_SQLITE_PATH="$SCRATCH/budgets.db" CAP_PRICING_SOURCE=bundled \
    dotnet "$ROOT/src/SpendGuard.Sidecar/bin/$configuration/net10.0/SpendGuard.Sidecar.dll" > "$SCRATCH/sidecar.log" 2>&1 &
  STARTED+=($!)
  SIDECAR=$(await_line "$SCRATCH/sidecar.log" 'http://127.0.0.1:[0-9]*' $!) || fail "The sidecar did not start."
}
