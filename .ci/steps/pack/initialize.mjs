// Starts the installed server as an MCP client does, asks it to initialize, and lets it go. Exit code 0: it answered and
// left cleanly. Its stderr is passed on.
import { spawn } from 'node:child_process';

// The first start of an empty database takes seconds, and much longer beside other work.
const TIMEOUT_MS = 180_000;
const server = spawn('node_modules/.bin/handoff-otel', ['serve', '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'], timeout: TIMEOUT_MS });
const ended = new Promise((resolve) => server.once('close', resolve));
// It may be gone before it reads.
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
