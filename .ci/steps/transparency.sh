#!/usr/bin/env bash
# The official MCP conformance suite judges a server and a client, on both generations of the SDK, without us and with us:
# everything must pass without us, and come out the same with us.
set -euo pipefail
cd "$(dirname "$0")/../.."
node="$PWD/node_modules/.bin/node"

# In a folder of its own, with its own lockfile: what judges us must not share our tree.
npm ci --prefix test/transparency/conformance --no-progress --loglevel=error
npm run --silent build
"$node" --disable-warning=ExperimentalWarning --import ./tools/resolveSource.mjs test/transparency/suite/main.ts
