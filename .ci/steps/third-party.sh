#!/usr/bin/env bash
# Other people's servers and clients, as npm has them, under `node --import handoff-otel/register`: what they answer and write
# must be what they do without it, and their calls must be seen. Each package comes from its own lockfile, outside our tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
npm run --silent prove third-party
