#!/usr/bin/env bash
# Packs both packages and uses them as their users will, in folders outside the checkout: `instrument()` from ES modules and
# CommonJS with only what npm, pnpm or Yarn installs by default; the server by its own name, installed and by npx as README.md
# configures it; then the server from handoff-otel alone, which must first name the missing packages. Two builds of the prepared
# database must be equal, and the package must not grow beyond its bound.
set -euo pipefail
cd "$(dirname "$0")/../.."
uses="$PWD/.ci/steps/pack"
readme="$PWD/README.md"
docs="$PWD/docs/telemetry.md"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

npm pack --silent --pack-destination "$work" >/dev/null
(cd packages/handoff-mcp-server && npm pack --silent --pack-destination "$work" >/dev/null)
otel=$(echo "$work"/handoff-otel-*.tgz)
server=$(echo "$work"/handoff-mcp-server-*.tgz)

# docs/decisions/0052-what-the-package-holds.md lists its contents.
bound_kb=2400
size_kb=$(($(stat -c %s "$otel") / 1000))
[ "$size_kb" -le "$bound_kb" ] || { echo "handoff-otel is $size_kb kB packed; the bound is $bound_kb kB" >&2; exit 1; }
contents=$(tar -tzf "$otel")
if unwanted=$(grep -E '\.map$|/docs/(decisions|comparisons)' <<<"$contents"); then
  echo "handoff-otel must not have these files: $unwanted" >&2
  exit 1
fi
[ "$(tar -tzf "$server" | LC_ALL=C sort | tr '\n' ' ')" = 'package/LICENSE package/README.md package/bin.cjs package/package.json ' ] || { tar -tzf "$server" >&2; exit 1; }
echo "ok handoff-otel is $size_kb kB packed, in $(wc -l <<<"$contents") files; handoff-mcp-server is $(($(stat -c %s "$server") / 1000)) kB"

prepared=dist/handoff/storage/embedded/prepared.br
# Not in the folder of the build: other steps run beside this one, and use it.
node_modules/.bin/node --import ./tools/resolveSource.mjs tools/prepared/main.ts "$work/prepared.br"
cmp "$prepared" "$work/prepared.br"
echo "ok the prepared database is the same each time: $(stat -c %s "$prepared") bytes"

# npm runs on the machine's Node, the package on the Node it requires.
mkdir "$work/bin" "$work/app"
ln -s "$PWD/node_modules/node/bin/node" "$work/bin/node"
cd "$work/app"
echo '{ "name": "app", "private": true }' >package.json
npm install --silent --no-progress "$otel"
export PATH="$work/bin:$PATH" HANDOFF_DATA_DIR="$work/data"
unset DATABASE_URL REDIS_URL "${!OTEL_@}"
cp "$uses"/use.mjs "$uses"/use.cjs "$uses"/initialize.mjs .

for absent in pg pg-boss cockatiel pino ioredis zod lru-cache hdr-histogram-js @electric-sql/pglite @aws-sdk/client-s3 @vscode/tree-sitter-wasm @modelcontextprotocol/server; do
  [ ! -e "node_modules/$absent" ] || { echo "$absent was installed, but instrument() alone does not need it" >&2; exit 1; }
done
node use.mjs
node use.cjs
echo "ok instrument() from ES modules and CommonJS; node_modules is $(du -sm node_modules | cut -f1) MB"

# The server by its own name: both packages in an empty folder.
mkdir "$work/server"
(
  cd "$work/server"
  echo '{ "name": "server", "private": true }' >package.json
  npm install --silent --no-progress "$otel" "$server"
  HANDOFF_DATA_DIR="$work/data-server" node "$uses/initialize.mjs" node_modules/.bin/handoff-mcp-server --stdio
  HANDOFF_DATA_DIR="$work/data-server" node "$uses/overHttp.mjs" node_modules/.bin/handoff-mcp-server
  [ "$(node_modules/.bin/handoff-mcp-server --version)" = "$(node -p "require('handoff-mcp-server/package.json').version")" ]
  status=0
  node_modules/.bin/handoff-mcp-server --sdtio 2>stderr || status=$?
  { [ "$status" -eq 2 ] && grep -q 'Unknown command: --sdtio' stderr; } || { echo "an unknown option ended with $status:" >&2; cat stderr >&2; exit 1; }
  node_modules/.bin/handoff-mcp-server demo >demo.txt || { cat demo.txt >&2; exit 1; }
  packages=$(node -p "Object.keys(JSON.parse(fs.readFileSync('node_modules/.package-lock.json', 'utf8')).packages).length")
  echo "ok handoff-mcp-server, over stdio, over HTTP, and its demo; $packages packages, node_modules is $(du -sm node_modules | cut -f1) MB"
)

# By npx as README.md configures it, in a folder that has some of the packages and in one that has none.
mkdir "$work/project" "$work/nothing"
(cd "$work/project" && echo '{ "name": "project", "private": true }' >package.json && npm install --silent --no-progress pg@8 pino@10)
mapfile -t npx_arguments < <(node "$uses/npxArguments.mjs" "$readme" "$otel" "$server")
for folder in project nothing; do
  (cd "$work/$folder" && npm_config_cache="$work/npx-$folder" HANDOFF_DATA_DIR="$work/data-$folder" node "$uses/initialize.mjs" npx "${npx_arguments[@]}")
  echo "ok npx, in a folder with $folder"
done

# pnpm stops at an install script nobody has decided about; docs/telemetry.md has the flag that decides.
pnpm_add() { (cd "$work/pnpm" && npx --yes pnpm@12.21.0 add --store-dir "$work/store" "$otel" @opentelemetry/api@1.10.0 "$@") >"$work/pnpm.log" 2>&1; }
mkdir "$work/pnpm"
echo '{ "private": true }' >"$work/pnpm/package.json"
! pnpm_add || { echo 'pnpm needs no flag any more: take it out of docs/telemetry.md' >&2; exit 1; }
grep -q 'ERR_PNPM_IGNORED_BUILDS' "$work/pnpm.log" || { cat "$work/pnpm.log" >&2; exit 1; }
pnpm_add "$(grep -o -- "--allow-build=[^']*" "$docs")" || { cat "$work/pnpm.log" >&2; exit 1; }
cp "$uses"/use.mjs "$uses"/use.cjs "$work/pnpm"
(cd "$work/pnpm" && node use.mjs && node use.cjs)
echo 'ok pnpm, with the flag that docs/telemetry.md names'

# Yarn's Plug'n'Play keeps packages in archives that only its own resolution knows.
mkdir "$work/pnp"
cp "$uses/pnp.mjs" "$work/pnp"
touch "$work/pnp/yarn.lock"
cat >"$work/pnp/package.json" <<END
{ "private": true, "dependencies": { "handoff-otel": "file:$otel", "@opentelemetry/api": "1.10.0", "@modelcontextprotocol/client": "2.4.0", "@modelcontextprotocol/server": "2.4.0", "zod": "4.6.7" } }
END
yarn() {
  (cd "$work/pnp" && YARN_NODE_LINKER=pnp YARN_ENABLE_TELEMETRY=0 YARN_ENABLE_SCRIPTS=false YARN_ENABLE_IMMUTABLE_INSTALLS=false \
    YARN_GLOBAL_FOLDER="$work/yarn" YARN_NPM_REGISTRY_SERVER="$(npm config get registry)" npx --yes @yarnpkg/cli-dist@4.18.1 "$@") >"$work/yarn.log" 2>&1 || { cat "$work/yarn.log" >&2; exit 1; }
}
yarn install
yarn node pnp.mjs
echo "ok Yarn's Plug'n'Play: a call to a server whose SDK was imported before instrument() has its spans"

# Each refusal must name the command that brings the server further.
for attempt in 1 2 3 4 5 6 7 8; do
  if node initialize.mjs 2>stderr; then
    [ "$attempt" -gt 1 ] || { echo 'the server ran without the packages it needs' >&2; exit 1; }
    echo "ok handoff-otel serve --stdio; node_modules is $(du -sm node_modules | cut -f1) MB"
    exit 0
  fi
  advice=$(sed -n 's/.*Run: npm install //p' stderr | head -n 1)
  [ -n "$advice" ] || { echo 'the server failed without naming what to install:' >&2; cat stderr >&2; exit 1; }
  echo "ok it names what it lacks: npm install $advice"
  # shellcheck disable=SC2086 # several packages
  npm install --silent --no-progress $advice
done
echo 'the server still names packages it lacks:' >&2
cat stderr >&2
exit 1
