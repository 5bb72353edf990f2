#!/usr/bin/env bash
# Third-party servers and clients, as published on npm, under `node --import handoff-otel/register`: what they answer and write
# must be the same as without it, and their calls must be observed. Each package comes from its own lockfile, outside our tree.
set -euo pipefail
cd "$(dirname "$0")/../.."
npm run --silent prove third-party
