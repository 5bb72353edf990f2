#!/usr/bin/env bash
# Compiles a user's program against the packed package with each TypeScript, in each module mode, without `skipLibCheck` and
# without any optional package; then with them; then runs the CommonJS output.
set -euo pipefail
cd "$(dirname "$0")/../.."
uses="$PWD/.ci/steps/types"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack --silent --pack-destination "$work" >/dev/null
mkdir "$work/bin" "$work/app"
ln -s "$PWD/node_modules/node/bin/node" "$work/bin/node"
cd "$work/app"
cp "$uses"/package.json "$uses"/mixed.mts .
cp "$uses/consumer.ts" es.mts
cp "$uses/consumer.ts" common.cts
cp "$uses/consumer.ts" plain.ts
npm install --silent --no-progress "$work"/handoff-otel-*.tgz
export PATH="$work/bin:$PATH"
for absent in pg pg-boss cockatiel pino ioredis zod lru-cache hdr-histogram-js @electric-sql/pglite @aws-sdk/client-s3 @vscode/tree-sitter-wasm @modelcontextprotocol/server; do
  [ ! -e "node_modules/$absent" ] || { echo "$absent was installed" >&2; exit 1; }
done

# TypeScript | options that select the modules | files
both='es.mts common.cts mixed.mts plain.ts'
ways=()
for typescript in 5 6 7; do
  for module in node16 node18 node20 nodenext preserve; do ways+=("$typescript|--module $module|$both"); done
  ways+=("$typescript|--module esnext --moduleResolution bundler|es.mts plain.ts")
  # TypeScript 5 then resolves as `node10`, which does not support `exports`: docs/telemetry.md says what to set.
  [ "$typescript" = 5 ] || ways+=("$typescript|--module commonjs|plain.ts")
done

compile() {
  IFS='|' read -r typescript options files <<<"$1"
  # shellcheck disable=SC2086 # several words each
  if ! output=$(node "node_modules/typescript-$typescript/bin/tsc" --noEmit --strict --exactOptionalPropertyTypes --target es2022 $options $files 2>&1); then
    printf 'FAILED TypeScript %s %s: %s\n%s\n' "$typescript" "$options" "$files" "$output" >&2
    return 1
  fi
  echo "ok TypeScript $typescript $options: $files"
}
export -f compile
compile_all() { printf '%s\n' "$@" | xargs -d '\n' -P 2 -I '{}' bash -c 'compile "$1"' _ '{}'; }
compile_all "${ways[@]}"

for typescript in 5 6 7; do
  node "node_modules/typescript-$typescript/bin/tsc" --strict --target es2022 --module node16 --outDir "out-$typescript" common.cts
  state=$(OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:9 HANDOFF_FLUSH_TIMEOUT_MS=100 node -p "const { telemetry, isOurs } = require('./out-$typescript/common.cjs'); String([telemetry.status().state, isOurs(1)])" 2>/dev/null)
  [ "$state" = active,false ] || { echo "the CommonJS that TypeScript $typescript made answers: $state" >&2; exit 1; }
  echo "ok CommonJS made by TypeScript $typescript runs"
done

npm install --silent --no-progress pg@8 @types/pg@8 pino@10 @modelcontextprotocol/server@2
cp "$uses/peers.ts" peers.mts
cp "$uses/peers.ts" peers.cts
compile_all '5|--module node18 --esModuleInterop|peers.mts peers.cts' '6|--module nodenext|peers.mts peers.cts' '7|--module nodenext|peers.mts peers.cts'
