#!/usr/bin/env bash
# What `instrument()` adds to loading sdk-node must stay within its budget.
set -euo pipefail
cd "$(dirname "$0")/../.."
npm run --silent bench startup -- --check
