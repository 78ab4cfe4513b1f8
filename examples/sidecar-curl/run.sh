#!/usr/bin/env bash
# An agent that never stops, under a budget of one cent, with nothing but curl. Needs no key: the calls go to a simulated provider
# that keeps its own bill. With OPENAI_API_KEY set they go to OpenAI and cost at most that cent.
set -euo pipefail
source "$(dirname "$0")/../sidecar.sh"
start_sidecar

# field NAME: the value of a field of the JSON on standard input. Enough for flat answers; use jq in earnest.
field() { grep -o "\"$1\":[^,}]*" | head -n 1 | cut -d : -f 2- | tr -d '"'; }
header() { grep -i "^$1:" "$SCRATCH/headers" | tr -d '\r' | cut -d ' ' -f 2; }
dollars() { awk -v microcents="$1" 'BEGIN { printf "$%.8f", microcents / 100000000 }'; }

# The budget, and a key that is its agent.
agent=$(curl -sS "$SIDECAR/v1/agents" --json '{"name":"curl"}' | field agent_id)
curl -sS "$SIDECAR/v1/agents/$agent/budget" --json '{"hard_limit_cents":1}' > /dev/null
key=$(curl -sS "$SIDECAR/v1/agents/$agent/keys" --json '{}' | field api_key)
echo "Agent $agent has one cent for gpt-4o at $([ -n "$PROVIDER" ] && echo "a simulated provider" || echo OpenAI)."
echo
printf '%4s  %6s  %11s\n' call cap cost

# The calls: those of OpenAI's API, at another address, with the agent's key.
for call in $(seq 100); do
  status=$(curl -sS "$SIDECAR/v1/chat/completions" \
    -H "Authorization: Bearer $key" --json \
    '{"model":"gpt-4o","max_tokens":300,"messages":[{"role":"user","content":"What is a budget? Answer in about 100 words."}]}' \
    -o "$SCRATCH/answer" -D "$SCRATCH/headers" -w '%{http_code}')
  [ "$status" = 200 ] || break
  cap=$(header x-spendguard-output-cap || true)
  printf '%4d  %6s  %11s\n' "$call" "${cap:-300}" "$(dollars "$(header x-spendguard-charged-microcents)")"
done

echo
echo "Call $call was refused with status $status before it was sent:"
printf '%b\n\n' "$(sed 's/.*"detail":"\([^"]*\)".*/\1/' "$SCRATCH/answer")"

# The proof.
budget=$(curl -sS "$SIDECAR/v1/agents/$agent/budget")
spent=$(field spent_microcents <<< "$budget")
held=$(field held_microcents <<< "$budget")
bill=$spent
if [ -n "$PROVIDER" ]; then
  bill=$(curl -sS "$PROVIDER/bill" | field total_microcents)
  echo "the provider's bill  $(dollars "$bill")"
fi
echo "the budget's spent   $(dollars "$spent")"
echo "the budget           $(dollars 1000000)"

if [ "$status" = 402 ] && [ "$bill" = "$spent" ] && [ "$spent" -le 1000000 ] && [ "$held" = 0 ]; then
  echo "PASSED"
else
  echo "FAILED"
  exit 1
fi
