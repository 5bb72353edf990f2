#!/usr/bin/env bash
# Bundles programs that use the packed package with esbuild, rolldown, webpack and Next, with none of the optional packages
# installed, and expects telemetry from the bundles. Then it bundles the services and the server, with the packages they need.
set -euo pipefail
cd "$(dirname "$0")/../.."
uses="$PWD/.ci/steps/bundlers"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack --silent --pack-destination "$work" >/dev/null
mkdir "$work/bin" "$work/app"
ln -s "$PWD/node_modules/node/bin/node" "$work/bin/node"
cd "$work/app"
cp -r "$uses"/. .
npm ci --silent --no-progress
npm install --silent --no-progress --no-save "$work"/handoff-otel-*.tgz
export PATH="$work/bin:$PATH" NEXT_TELEMETRY_DISABLED=1
unset "${!OTEL_@}" "${!HANDOFF_@}"
for absent in pg pino ioredis lru-cache @electric-sql/pglite @modelcontextprotocol/node; do
  [ ! -e "node_modules/$absent" ] || { echo "$absent was installed" >&2; exit 1; }
done

# Two cases: the SDK in the bundle with us, handed over; and a bundle without any reference to us, found as it loads.
node build.mjs instrumented out
node build.mjs bare out
for bundler in esbuild rolldown webpack; do
  for format in mjs cjs; do
    node stdio.mjs "out/$bundler-instrumented.$format"
    node stdio.mjs --import handoff-otel/register "out/$bundler-bare.$format"
  done
  echo "ok $bundler: spans and metrics of a server from both formats"
done

node node_modules/next/dist/bin/next build next >"$work/next.log" 2>&1 || { cat "$work/next.log" >&2; exit 1; }
! grep -iE 'warn|handoff-otel' "$work/next.log" >&2 || { echo 'next build printed something about handoff-otel' >&2; exit 1; }
node next.mjs
echo 'ok Next: spans and metrics of an MCP route, started by instrumentation.ts'

says() {
  local answer
  for bundler in esbuild rolldown webpack; do
    for format in mjs cjs; do
      answer=$(node "out/$bundler-$1.$format")
      [ "$answer" = "$2" ] || { echo "out/$bundler-$1.$format: $answer, not $2" >&2; exit 1; }
    done
  done
  echo "ok $1 from each bundler: $2"
}
node build.mjs services out
says services 'missing lru-cache'
npm install --silent --no-progress --no-save "$work"/handoff-otel-*.tgz pg@8.23.1 lru-cache@11.5.3 @modelcontextprotocol/node@2.1.2
node build.mjs server out
# Nothing listens there: it got as far as the driver, which is in the bundle.
says server HANDOFF_DATABASE_UNAVAILABLE
