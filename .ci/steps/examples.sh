#!/usr/bin/env bash
# Runs every program of examples/, with the packed package and the packages of its lockfile, in a folder outside the checkout:
# each with a client and a receiver, at which the spans of the call must arrive.
set -euo pipefail
cd "$(dirname "$0")/../.."
run="$PWD/.ci/steps/examples/run.mjs"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack --silent --pack-destination "$work" >/dev/null
mkdir "$work/bin"
ln -s "$PWD/node_modules/node/bin/node" "$work/bin/node"
cp -r examples "$work/app"
rm -rf "$work/app/node_modules"
cp "$run" "$work/app"
cd "$work/app"
npm ci --no-progress --loglevel=error
npm install --silent --no-progress --no-save --no-package-lock "$work"/handoff-otel-*.tgz
export PATH="$work/bin:$PATH" NEXT_TELEMETRY_DISABLED=1
unset DATABASE_URL REDIS_URL "${!OTEL_@}"
node node_modules/next/dist/bin/next build next >"$work/next.log" 2>&1 || { cat "$work/next.log" >&2; exit 1; }
node run.mjs
