import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectOneSpan, findSpans, startOtlpReceiver } from '../../src/testing.js';
import type { OtlpReceiver } from '../../src/testing.js';
import { databaseUrl, redisUrl } from '../setup/services.js';
import { createApp } from './support/app.js';
import type { App } from './support/app.js';
import { callRoll } from './support/call.js';
import { expectTracedCall } from './support/expectTracedCall.js';
import { startProgram } from './support/program.js';
import type { Program } from './support/program.js';

// Bun and Deno run the same package. What they do not have of Node's module hooks is made up for; see the guide to them.

type Words = readonly [string, ...string[]];

let app: App;
let receiver: OtlpReceiver;
const running: Program[] = [];

beforeAll(async () => {
  app = await createApp();
});

afterAll(async () => {
  await app[Symbol.asyncDispose]();
});

beforeEach(async () => {
  receiver = await startOtlpReceiver();
});

afterEach(async () => {
  for (const program of running.splice(0)) program.kill('SIGKILL');
  await receiver.close();
});

const RUNTIMES = ['bun', 'deno'] as const;
type RuntimeName = (typeof RUNTIMES)[number];

const wordsOf = (name: RuntimeName, ...rest: readonly string[]): Words =>
  name === 'bun' ? [app.bun, ...rest] : [app.deno, 'run', '--allow-all', ...rest];

function start(words: Words, env: Readonly<Record<string, string>> = {}, folder = app.folder): Program {
  const program = startProgram(words, folder, {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
    OTEL_METRICS_EXPORTER: 'none',
    DATABASE_URL: databaseUrl(),
    REDIS_URL: redisUrl(),
    ...env,
  });
  running.push(program);
  return program;
}

describe.each(RUNTIMES)('a server on %s', (name) => {
  const register = (): string => join(app.folder, 'node_modules/handoff-otel/dist/register.js');

  it.each([
    ['that calls instrument() after its imports', () => ['inCode.mjs']],
    ['that imports a file with instrument() first', () => ['first.mjs']],
    ['that knows nothing of us, with --preload', () => ['--preload', register(), 'main.mjs']],
  ])('%s is traced down to its statements', async (_, args) => {
    const program = start(wordsOf(name, ...args()));
    await expectTracedCall(receiver, program, ['SELECT postgres', 'SET', 'GET']);
    const { attributes } = receiver.resources()[0] ?? { attributes: {} };
    expect(attributes).toMatchObject({ 'process.runtime.name': name, 'process.runtime.description': name === 'bun' ? 'Bun' : 'Deno' });
  });

  it.each([
    ['of the first generation of the SDK', () => ['stdioV1.mjs']],
    ['in CommonJS', () => ['--preload', register(), 'stdioV2.cjs']],
  ])('%s is traced, on stdio', async (_, args) => {
    const program = start(wordsOf(name, ...args()));
    program.write(
      '{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}',
    );
    program.write('{"jsonrpc":"2.0","method":"notifications/initialized"}');
    program.write('{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"roll","arguments":{"sides":6}}}');
    await receiver.waitFor(({ spans }) => findSpans(spans(), { name: 'tools/call roll', kind: 'SERVER' }).length > 0);
    expect(program.stdout().trim().split('\n')).toHaveLength(2);
    expect(program.stderr()).toBe('');
  });

  it('is traced by watch', async () => {
    const program = start([process.execPath, resolve('dist/cli.js'), 'watch', ...wordsOf(name, 'main.mjs')]);
    await callRoll(await program.said(/PORT (\d+)/), 6);
    await program.said(/(tools\/call roll)/);
    program.kill('SIGTERM');
    await program.ended;
  });

  it.each([
    ['by itself', {}, 0],
    ['exit code', {}, 4],
    ['process.exit', { HANDOFF_FLUSH_ON_PROCESS_EXIT: 'true' }, 3],
    ['uncaught error', {}, 1],
  ])('sends the last telemetry when it ends: %s', async (way, env, code) => {
    const program = start(wordsOf(name, 'ending.mjs', way), env);
    expect(await program.ended).toEqual({ code, signal: null });
    expectOneSpan(receiver.spans(), { name: 'the last' });
  });

  it('ends as it would when nobody takes its telemetry', async () => {
    const program = start(wordsOf(name, 'ending.mjs'), { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9' });
    expect(await program.ended).toEqual({ code: 0, signal: null });
  });
});

describe('Deno', () => {
  it.each([
    [[], 'failed'],
    [['--allow-env=OTEL_SERVICE_NAME', '--allow-read', '--allow-net'], 'failed'],
    [['--allow-env'], 'active'],
    [['--allow-env', '--allow-read'], 'active'],
  ])('never lets a program end because a permission is missing: %j, and says which', async (permissions, state) => {
    const words: Words = [app.deno, 'run', '--no-prompt', ...permissions, 'ending.mjs', 'state'];
    const program = start(words, { OTEL_METRICS_EXPORTER: 'prometheus' });
    expect(await program.ended).toEqual({ code: 0, signal: null });
    expect(JSON.parse(program.stdout())).toMatchObject({ state });
    expect(program.stderr()).toMatch(/--allow-(env|net)/);
  });

  it('has an OpenTelemetry of its own, which is joined', async () => {
    const program = start(wordsOf('deno', 'inCode.mjs'), { OTEL_DENO: 'true', OTEL_BSP_SCHEDULE_DELAY: '100' });
    await callRoll(await program.said(/PORT (\d+)/), 6);
    await receiver.waitFor(
      ({ spans }) => findSpans(spans(), { name: 'POST' }).length > 0 && findSpans(spans(), { name: 'GET' }).length > 0,
    );
    const http = expectOneSpan(receiver.spans(), { name: 'POST', kind: 'SERVER' });
    const call = expectOneSpan(receiver.spans(), { name: 'tools/call roll', parentSpanId: http.spanId });
    expectOneSpan(receiver.spans(), { name: 'SELECT postgres', traceId: call.traceId });
    expect(program.stderr()).toContain('another OpenTelemetry SDK is already registered; joining it');
    expect(program.stderr()).not.toContain('not a recognised setting');
  });
});
