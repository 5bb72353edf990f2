#!/usr/bin/env bash
# Builds the collector from Go modules, or checks it: its configurations, its own behaviour, and the output of each of its
# pipelines for the demo's workload, against what the processes made.
set -euo pipefail
cd "$(dirname "$0")/../.."
node="$PWD/node_modules/.bin/node"

case "$1" in
  build) "$node" otel-collector/build.mjs ;;
  verify)
    npm run --silent build
    "$node" otel-collector/verify.mjs -- "$node" dist/cli.js demo --otlp-endpoint '{endpoint}' --ledger '{ledger}'
    ;;
  *) echo "usage: $0 build|verify" >&2; exit 2 ;;
esac
