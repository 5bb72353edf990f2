// Starts the installed server as an MCP client does, asks it to initialize, and closes its stdin. Exit code 0: it answered and
// exited cleanly. Its stderr is passed on. Arguments: the command; the default is the one in the current folder.
import { spawn } from 'node:child_process';

// npx installs first.
const TIMEOUT_MS = 300_000;
const [command, ...args] = process.argv.length > 2 ? process.argv.slice(2) : ['node_modules/.bin/handoff-otel', 'serve', '--stdio'];
const server = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'], timeout: TIMEOUT_MS });
const ended = new Promise((resolve) => server.once('close', resolve));
// It may have exited before it reads.
server.stdin.on('error', () => undefined);
server.stdin.write(
  `${JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'ci', version: '1' } } })}\n`,
);
let output = '';
let answered = false;
server.stdout.on('data', (chunk) => {
  output += chunk;
  if (answered || !output.includes('\n')) return;
  answered = JSON.parse(output.slice(0, output.indexOf('\n'))).result?.serverInfo?.name === 'ai-handoff-mcp';
  server.stdin.end();
});
process.exitCode = (await ended) === 0 && answered ? 0 : 1;
