# What a page's commands run in: any failure ends the page, and what it started is stopped.
set -Eeuo pipefail
trap 'echo "FAILED: $BASH_COMMAND" >&2' ERR

# What a command prints, the next may need: the agent, or a key.
learn() {
  local found
  found=$(grep -oE 'agent_id("?: ?"|=)[0-9a-f-]{36}' "$1" | tail -1 | grep -oE '[0-9a-f-]{36}') && AGENT=$found
  found=$(sed -n 's/^api_key=//p' "$1" | tail -1) && [ -n "$found" ] && API_KEY=$found
  found=$(sed -n 's/^key_id=\([0-9a-f]*\)$/\1/p' "$1" | tail -1) && [ -n "$found" ] && KEY_ID=$found
  return 0
}
run() {
  local output status=0
  output=$(mktemp)
  command "$@" > "$output" || status=$?
  cat "$output"
  [ "$status" = 0 ] || return "$status"
  learn "$output"
}
spendguard() { echo "+ spendguard $*" >&2; run spendguard "$@"; }
curl() { echo "+ curl $*" >&2; run curl --fail-with-body "$@"; echo; }

# serve COMMAND: starts what serves until it is stopped, and waits until it says that it does.
STARTED=()
serve() {
  local log process
  log=$(mktemp)
  echo "+ serve $*" >&2
  env "$@" > "$log" 2>&1 &
  process=$!
  STARTED+=("$process")
  for _ in $(seq 300); do
    if grep -qE 'address=|Now listening on|CAP_PRICING_SIGNING_PUBLIC_KEY=|agent_id=' "$log"; then cat "$log" >&2; return 0; fi
    kill -0 "$process" 2>/dev/null || break
    sleep 0.1
  done
  cat "$log" >&2
  return 1
}
stop_all() {
  local process
  for process in "${STARTED[@]}"; do kill "$process" 2>/dev/null || true; wait "$process" || true; done
}
trap stop_all EXIT
