#!/usr/bin/env bash
# Every way to start a program, on every version of Node we support, with old and new pg, ioredis and pino: each query and
# command must have one span, each log line its trace.
set -euo pipefail
cd "$(dirname "$0")/../.."
npm run --silent prove matrix
