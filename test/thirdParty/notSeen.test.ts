import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../src/testing.js';
import type { OtlpReceiver } from '../../src/testing.js';
import { gateway } from './servers/between.js';
import { expectServerSpan, mcpServerSpans } from './support/checks.js';
import { callTool, openings } from './support/exchange.js';
import { install } from './support/install.js';
import { play } from './support/play.js';
import { runOnce } from './support/program.js';
import { runOverStdio } from './support/stdioRun.js';
import { createWorld } from './support/surroundings.js';
import type { World } from './support/surroundings.js';

// Programs in which no call passes through a server of an SDK, or not by the SDK's own means. They must be left as they are.

let world: World;
let receiver: OtlpReceiver;

beforeAll(async () => {
  world = await createWorld();
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

beforeEach(async () => {
  receiver = await startOtlpReceiver();
});

afterEach(async () => {
  await receiver.close();
});

const row = { format: 'ESM', transport: 'stdio', protocol: '2025-06-18', points: '0', stdout: 'clean', results: 'equal' };

it('leaves a server of tmcp, which has no SDK, as it is', async ({ task }) => {
  const { folder, versionOf } = await install('no-sdk');
  const start = { args: [join(folder, 'server.mjs')] };
  const script = {
    era: 'with initialize',
    requests: [...openings['with initialize'], callTool('ping_pong'), callTool('no_such_tool')],
  } as const;
  const bare = await runOverStdio(start, script);
  expect(await runOverStdio(start, script, { endpoint: receiver.url, stdio: true, arrived })).toEqual(bare);
  expectNoMcp();
  task.meta.row = { ...row, subject: `tmcp ${versionOf('tmcp')}`, sdk: 'none', calls: script.requests.length, spans: '0: no SDK' };
});

it('leaves a client of @ai-sdk/mcp, which has no SDK, as it is', async ({ task }) => {
  const { folder, versionOf } = await install('no-sdk');
  const start = { args: [join(folder, 'client.mjs'), join(folder, 'server.mjs')] };
  const bare = await runOnce(start);
  expect(bare).toMatchObject({ code: 0, stdout: [expect.stringContaining('pong')] });
  expect(await runOnce(start, { endpoint: receiver.url, stdio: false })).toEqual(bare);
  await arrived();
  expectNoMcp();
  task.meta.row = { ...row, subject: `@ai-sdk/mcp ${versionOf('@ai-sdk/mcp')} (client)`, sdk: 'none', calls: 2, spans: '0: no SDK' };
});

it('sees all that passes through supergateway, which takes its transports away from the SDK', async ({ task }) => {
  const bare = await play(gateway, world);
  const observed = await play(gateway, world, { endpoint: receiver.url, stdio: false, arrived });
  expect([observed.steadyWire, observed.steadyStdout, observed.end]).toEqual([bare.steadyWire, bare.steadyStdout, bare.end]);
  const { conversation } = observed;
  expect(conversation.exchanges[0]?.method).toBe('initialize');
  await receiver.waitFor((received) =>
    conversation.exchanges.map((exchange) => expectServerSpan(received, exchange, conversation, 'http')),
  );
  const spans = mcpServerSpans(receiver);
  expect(spans).toHaveLength(conversation.exchanges.length + conversation.notified);
  task.meta.row = {
    ...row,
    subject: observed.title,
    sdk: observed.sdk,
    transport: 'http',
    calls: conversation.exchanges.length,
    spans: String(spans.length),
    points: String(conversation.exchanges.length),
  };
});

/** Runtime metrics prove that telemetry ran in the program, so that the lack of spans says something. */
async function arrived(): Promise<void> {
  await receiver.waitFor(({ metricPoints }) => metricPoints().length > 0);
}

function expectNoMcp(): void {
  expect(receiver.spans().filter(({ attributes }) => 'mcp.method.name' in attributes)).toEqual([]);
  expect(receiver.metricPoints().filter(({ metric }) => /^(handoff\.)?mcp\./.test(metric))).toEqual([]);
}
