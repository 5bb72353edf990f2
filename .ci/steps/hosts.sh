#!/usr/bin/env bash
# Tests McpInstrumentation of the packed package in OpenTelemetry setups that others wrote: NodeSDK, the auto-instrumentations,
# in code and as their `register`, and the distributions of Elastic, which uses OpenTelemetry's SDK 2, and Honeycomb, which uses SDK 1.
set -euo pipefail
cd "$(dirname "$0")/../.."
uses="$PWD/.ci/steps/hosts"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack --silent --pack-destination "$work" >/dev/null
mkdir "$work/bin" "$work/app"
ln -s "$PWD/node_modules/node/bin/node" "$work/bin/node"
cd "$work/app"
cp -r "$uses"/. .
npm ci --silent --no-progress --ignore-scripts
npm install --silent --no-progress --no-save --ignore-scripts "$work"/handoff-otel-*.tgz
export PATH="$work/bin:$PATH"
unset "${!OTEL_@}" "${!HANDOFF_@}"

for host in node-sdk auto-instrumentations elastic honeycomb; do
  node check.mjs "$host.mjs"
  echo "ok $host: spans and durations of a server and a client"
done
node check.mjs --import @opentelemetry/auto-instrumentations-node/register registered.mjs
echo 'ok auto-instrumentations-node/register: spans and durations of a server and a client'
