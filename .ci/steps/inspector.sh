#!/usr/bin/env bash
# The official MCP Inspector lists and calls the tools and reads a resource of the server that the packed handoff-mcp-server
# starts, over stdio and over Streamable HTTP.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=2.12.0
work=$(mktemp -d)
server=''
finish() {
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap finish EXIT

# Puts our Node, and nothing else of ours, on the PATH of what the Inspector starts.
mkdir "$work/bin"
ln -s "$PWD/node_modules/node/bin/node" "$work/bin/node"
export PATH="$work/bin:$PATH"
# The Inspector's own files belong to this run, not to the home folder.
export MCP_CATALOG_PATH="$work/catalog.json" MCP_STORAGE_DIR="$work/inspector"
settings=("HANDOFF_DATA_DIR=$work/data" OTEL_TRACES_EXPORTER=none OTEL_METRICS_EXPORTER=prometheus OTEL_LOGS_EXPORTER=none)
npm pack --silent --pack-destination "$work" >/dev/null
(cd packages/handoff-mcp-server && npm pack --silent --pack-destination "$work" >/dev/null)
mkdir "$work/app"
(cd "$work/app" && echo '{ "name": "app", "private": true }' >package.json && npm install --silent --no-progress "$work"/handoff-otel-*.tgz "$work"/handoff-mcp-server-*.tgz)
by_name="$work/app/node_modules/.bin/handoff-mcp-server"

# expect <what> <JavaScript condition on `r`, the Inspector's JSON> <Inspector's arguments…>
expect() {
  local what=$1 condition=$2 status=0
  shift 2
  timeout 120 npx --yes "@modelcontextprotocol/inspector@$version" --cli "$@" >"$work/answer.json" 2>"$work/stderr" || status=$?
  # It exits with 5 when a tool answers `isError`; the condition says whether that is expected.
  if [ "$status" -ne 0 ] && [ "$status" -ne 5 ]; then
    tail -n 20 "$work/stderr" >&2
    echo "the Inspector ended with $status: $what" >&2
    exit 1
  fi
  node -e 'const r = JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")); const answer = () => JSON.parse(r.content[0].text);
    if (!eval(process.argv[2])) { process.stderr.write(JSON.stringify(r, null, 2) + "\n"); process.exit(1) }' "$work/answer.json" "$condition" \
    || { echo "not as expected: $what" >&2; exit 1; }
  echo "ok $what"
}

tools='["register_session", "request_handoff", "update_context"].every((name) => r.tools.some((tool) => tool.name === name && tool.inputSchema.type === "object"))'
# drive <transport's name> <session key> <target…>: what the Inspector connects to
drive() {
  local transport=$1 key=$2
  shift 2
  expect "$transport: lists the tools" "$tools" "$@" --method tools/list --strict
  expect "$transport: registers a session" 'r.isError !== true && answer().success === true' "$@" --method tools/call --tool-name register_session --tool-arg "sessionKey=$key" --tool-arg agentFrom=coder
  expect "$transport: adds context" 'answer().contextEntry.sequenceNumber === 2' "$@" --method tools/call --tool-name update_context --tool-arg "sessionKey=$key" --tool-arg contextType=message --tool-arg content=hello
  expect "$transport: hands over" 'answer().handoff.status === "completed"' "$@" --method tools/call --tool-name request_handoff --tool-arg "sessionKey=$key" --tool-arg targetAgent=reviewer --tool-arg requestType=full_handoff
  expect "$transport: a bad argument is an error that says so" 'r.isError === true && answer().error === "Invalid input"' "$@" --method tools/call --tool-name update_context --tool-arg "sessionKey=$key" --tool-arg contextType=rumour --tool-arg content=hello
  expect "$transport: reads the context" 'JSON.parse(r.contents[0].text).contextHistory.length === 3' "$@" --method resources/read --uri "handoff://context/$key"
}

# The Inspector passes a server it starts only the variables it is told to pass.
drive stdio over-stdio "${settings[@]/#/-e}" "$by_name" --stdio

env "${settings[@]}" HANDOFF_HTTP_PORT=0 HANDOFF_ADMIN_PORT=0 "$by_name" 2>"$work/server.log" &
server=$!
listening() { sed -n 's/.*"url":"\([^"]*\)".*"adminUrl":"\([^"]*\)".*/\1 \2/p' "$work/server.log"; }
for _ in $(seq 1 150); do
  [ -n "$(listening)" ] && break
  kill -0 "$server" 2>/dev/null || break
  sleep 0.2
done
read -r mcp_url admin_url <<<"$(listening)" || true
[ -n "${mcp_url:-}" ] || { echo 'the HTTP server did not start:' >&2; cat "$work/server.log" >&2; exit 1; }
drive http over-http "$mcp_url" --transport http
node -e 'fetch(process.argv[1] + "/metrics").then((r) => r.text()).then((text) => process.exit(/^mcp_server_operation_duration_seconds_count\{.*tool_name="request_handoff"/m.test(text) ? 0 : 1))' "${admin_url%/}" \
  || { echo 'the admin port has no point of these calls' >&2; exit 1; }
echo 'ok http: /metrics counts the calls'
