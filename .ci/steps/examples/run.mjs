// Runs each example with a client and a receiver, in a folder that has the examples and the packed package. A call must be answered, and
// its span must arrive with the name of the example's service; where the client is an example too, as the child of the client's span.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expectOneSpan, startOtlpReceiver } from 'handoff-otel/testing';

const receiver = await startOtlpReceiver();
const { OTEL_EXPORTER_OTLP_ENDPOINT: _, ...outer } = process.env;
const env = {
  ...outer,
  PORT: '0',
  OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
  OTEL_BSP_SCHEDULE_DELAY: '100',
  OTEL_EXPORTER_PROMETHEUS_PORT: '0',
};
const deadline = setTimeout(() => fail('the examples took longer than three minutes'), 180_000);

await example('client.ts and stdio-server.ts', 'dice', () => play());
await example('http-server.ts', 'dice-http', () => withServer(['http-server.ts'], (url) => play(url)));
await example('express-sdk-v1.ts', 'dice-express', () =>
  withServer(['express-sdk-v1.ts'], async (url) => {
    await play(url);
    const metrics = await (await fetch(new URL('/metrics', url))).text();
    if (!/^mcp_server_operation_duration_seconds_count\{.*tool_name="roll"/m.test(metrics))
      fail(`/metrics does not count the call:\n${metrics}`);
  }),
);
await example('existing-sdk', 'dice-existing-sdk', () =>
  withServer(['--import', './existing-sdk/telemetry.mjs', 'existing-sdk/server.mjs'], (url) => play(url)),
);
await example('worker.ts', 'dice-worker', () => withServer(['worker.ts'], (url) => play(url)));
await example('next', 'dice-next', () =>
  withServer(['node_modules/next/dist/bin/next', 'start', 'next', '-p', '0'], (url) => play(new URL('/mcp', url).href)),
);
await watched();

clearTimeout(deadline);
await receiver.close();

async function example(name, service, run) {
  receiver.reset();
  await run();
  const { spans } = receiver;
  const server = await receiver.waitFor(() =>
    expectOneSpan(spans(), { name: 'tools/call roll', kind: 'SERVER', resource: { 'service.name': service } }),
  );
  const client = await receiver.waitFor(() =>
    expectOneSpan(spans(), { name: 'tools/call roll', kind: 'CLIENT', resource: { 'service.name': 'dice-player' } }),
  );
  if (server.traceId !== client.traceId || server.parentSpanId !== client.spanId) fail(`${name}: the two spans are not one trace`);
  process.stdout.write(`ok ${name}: the call is one trace of both sides\n`);
}

/** The example client rolls a die; without a URL it starts the stdio server itself. */
async function play(...url) {
  const client = start(process.execPath, ['client.ts', ...url]);
  const [code] = await client.ended;
  if (code !== 0 || !/^\[\{"type":"text","text":"\d+"\}\]\n$/.test(client.stdout()))
    fail(`client.ts ended with ${code}:\n${client.stdout()}${client.stderr()}`);
}

/** Starts a server that prints its address on stdout, lets it be used, and ends it. */
async function withServer(args, use) {
  const server = start(process.execPath, args);
  const where = () => /https?:\/\/[^\s"]+/.exec(server.stdout())?.[0];
  while (where() === undefined) {
    if (server.child.exitCode !== null || server.child.signalCode !== null)
      fail(`${args.join(' ')} did not start:\n${server.stdout()}${server.stderr()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  try {
    await use(where());
  } finally {
    server.child.kill('SIGTERM');
    await server.ended;
  }
}

/** Runs the command of README.md, with a program that reads one request and answers it. */
async function watched() {
  const program = start('node_modules/.bin/handoff-otel', ['watch', 'node', 'stdio-server.ts']);
  const request = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'ci', version: '1' } },
  };
  program.child.stdin.write(`${JSON.stringify(request)}\n`);
  while (!program.stdout().includes('\n')) {
    if (program.child.exitCode !== null) fail(`handoff-otel watch did not start:\n${program.stderr()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  program.child.stdin.end();
  const [code] = await program.ended;
  const { result } = JSON.parse(program.stdout());
  if (code !== 0 || result.serverInfo.name !== 'dice' || !/^▸ initialize {2}/m.test(program.stderr()))
    fail(`handoff-otel watch ended with ${code}:\n${program.stderr()}`);
  process.stdout.write('ok handoff-otel watch shows the span of a call on stderr and leaves stdout to the server\n');
}

function start(command, args) {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) child[name].on('data', (chunk) => (text[name] += chunk));
  return { child, ended: once(child, 'close'), stdout: () => text.stdout, stderr: () => text.stderr };
}

function fail(why) {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}
