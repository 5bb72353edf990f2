#!/usr/bin/env bash
# Ends programs in every possible way, with collectors in every state, and counts what was made and what arrived.
set -euo pipefail
cd "$(dirname "$0")/../.."
npm run --silent prove kill
