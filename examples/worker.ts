// An MCP server in a worker thread. Telemetry belongs to a thread: the one that speaks MCP calls `instrument()`.
//   node worker.ts
import { createServer } from 'node:http';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { instrument } from 'handoff-otel';
import { z } from 'zod';

if (isMainThread) main();
else serve();

function main(): void {
  const worker = new Worker(new URL(import.meta.url));
  worker.once('exit', (code) => process.exit(code));
  // Signals reach the main thread only, so it asks the worker to end.
  process.once('SIGTERM', () => worker.postMessage('end'));
  process.once('SIGINT', () => worker.postMessage('end'));
}

function serve(): void {
  const telemetry = instrument({ serviceName: 'dice-worker' });
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'dice', version: '1.0.0' });
    server.registerTool(
      'roll',
      { description: 'Rolls a die.', inputSchema: z.object({ sides: z.int().min(2).max(100) }) },
      ({ sides }) => ({
        content: [{ type: 'text', text: String(1 + Math.floor(Math.random() * sides)) }],
      }),
    );
    return server;
  });
  const listener = toNodeHandler(telemetry.instrumentHandler(handler));
  const server = createServer((request, response) => void listener(request, response));
  server.listen(Number(process.env['PORT'] ?? 3000), '127.0.0.1', () => {
    const address = server.address();
    if (typeof address === 'object') process.stdout.write(`http://127.0.0.1:${address?.port}/\n`);
  });
  parentPort?.once('message', () => {
    server.close();
    server.closeIdleConnections();
    void telemetry.shutdown();
  });
}
