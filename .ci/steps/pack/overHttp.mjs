// Starts the installed server on Streamable HTTP, asks it to initialize, and ends it. Exit code 0: it answered and exited
// cleanly. Arguments: the command.
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
const env = { ...process.env, HANDOFF_HTTP_PORT: '0', HANDOFF_ADMIN_PORT: '0' };
const server = spawn(command, args, { env, stdio: ['ignore', 'inherit', 'pipe'], timeout: 60_000 });
const ended = new Promise((resolve) => server.once('close', resolve));
let output = '';
let answered = false;
server.stderr.on('data', async (chunk) => {
  const [, before] = /"url":"([^"]*)"/.exec(output) ?? [];
  output += chunk;
  const [, url] = /"url":"([^"]*)"/.exec(output) ?? [];
  if (before !== undefined || url === undefined) return;
  try {
    const params = { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'ci', version: '1' } };
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
    });
    answered = response.ok && (await response.text()).includes('"ai-handoff-mcp"');
  } finally {
    server.kill('SIGTERM');
  }
});
const exitCode = await ended;
if (exitCode !== 0 || !answered) process.stderr.write(output);
process.exitCode = exitCode === 0 && answered ? 0 : 1;
