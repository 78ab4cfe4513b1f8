#!/usr/bin/env bash
# An agent that never stops, under a budget of one cent, with OpenAI's npm package. Needs no key: the calls go to a simulated provider
# that keeps its own bill. With OPENAI_API_KEY set they go to OpenAI and cost at most that cent.
set -euo pipefail
source "$(dirname "$0")/../sidecar.sh"
cd "$(dirname "${BASH_SOURCE[0]}")"
command -v npm > /dev/null || fail "Node.js 20 or newer with npm is needed: https://nodejs.org"
[ -d node_modules ] || npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
start_sidecar
SIDECAR_URL=$SIDECAR PROVIDER_URL=$PROVIDER node agent.mjs
