#!/usr/bin/env bash
# The official MCP conformance suite tests a server and a client, on both generations of the SDK, without us and with us:
# everything must pass without us, and give the same results with us.
set -euo pipefail
cd "$(dirname "$0")/../.."
node="$PWD/node_modules/.bin/node"

# In its own folder, with its own lockfile: the test suite must not share our dependency tree.
npm ci --prefix test/transparency/conformance --no-progress --loglevel=error
npm run --silent build
"$node" --disable-warning=ExperimentalWarning --import ./tools/resolveSource.mjs test/transparency/suite/main.ts
