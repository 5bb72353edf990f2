import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../../../src/testing/otlpReceiver.js';
import type { ReceiverBehaviour } from '../../../../src/testing/receiverTypes.js';
import { runProcess } from '../instrumentedProcess.js';
import type { ProcessOptions } from '../instrumentedProcess.js';
import { expectWithin } from '../../../setup/expectWithin.js';

const FLUSH_TIMEOUT_MS = 1000;
/** On top of the bound: Node's own end. */
const SLACK_MS = 1500;

/** Makes its last span and log record right before it says READY; lives until told to end. */
const SERVER = (options = '{}') => `
  import { instrument } from './src/instrumentation/instrument.ts';
  const h = instrument(${options});
  const alive = setInterval(() => {}, 1000);
  process.stdin.on('end', () => clearInterval(alive)).resume();
  h.tracer.startSpan('last').end();
  h.logger.emit({ body: 'last' });
  process.stdout.write('READY');`;

const SHORT = `
  import { instrument } from './src/instrumentation/instrument.ts';
  const h = instrument();
  h.tracer.startSpan('last').end();
  h.logger.emit({ body: 'last' });
  process.stdout.write('READY');`;

type Ending = Pick<ProcessOptions, 'code' | 'onReady'>;

const ENDINGS: readonly (readonly [how: string, ending: Ending, expected: object])[] = [
  ['SIGTERM', { code: SERVER(), onReady: (child) => child.kill('SIGTERM') }, { code: null, signal: 'SIGTERM' }],
  ['SIGINT', { code: SERVER(), onReady: (child) => child.kill('SIGINT') }, { code: null, signal: 'SIGINT' }],
  ['the end of stdin', { code: SERVER('{ stdio: true }'), onReady: (child) => child.stdin.end() }, { code: 0, signal: null }],
  ['its natural end', { code: SHORT, onReady: () => undefined }, { code: 0, signal: null }],
];

/** With a bound that no delivery to a healthy collector meets, however busy the machine. */
const patient = (endpoint: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, HANDOFF_FLUSH_TIMEOUT_MS: '20000' });
const bounded = (endpoint: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, HANDOFF_FLUSH_TIMEOUT_MS: String(FLUSH_TIMEOUT_MS) });

describe.each(ENDINGS)('a process that ends by %s', (_how, ending, expected) => {
  it('delivers its last span, log record and metrics', async () => {
    await using receiver = await startOtlpReceiver();
    const outcome = await runProcess({ ...ending, env: patient(receiver.url) });
    expect(outcome).toMatchObject({ ...expected, stdout: 'READY' });
    expect(receiver.spans().map(({ name }) => name)).toEqual(['last']);
    expect(receiver.logRecords().map(({ body }) => body)).toEqual(['last']);
    expect(receiver.metricPoints().map(({ metric }) => metric)).toContain('v8js.memory.heap.used');
  });

  it.each<readonly [string, ReceiverBehaviour]>([
    ['hangs', 'hang'],
    ['cuts connections', 'reset'],
    ['answers 503', { refuseStatus: 503 }],
  ])('is not held up by a collector that %s', async (_what, respond) => {
    await using receiver = await startOtlpReceiver({ respond });
    const outcome = await runProcess({ ...ending, env: bounded(receiver.url) });
    expect(outcome).toMatchObject(expected);
    expectWithin(outcome.durationMs, FLUSH_TIMEOUT_MS, SLACK_MS);
  });

  it('is not held up at all when there is no collector', async () => {
    const outcome = await runProcess({ ...ending, env: patient(await closedPort()) });
    expect(outcome).toMatchObject(expected);
    expectWithin(outcome.durationMs, 0, SLACK_MS);
  });
});

describe('a host that loads signal-exit, as execa does while it runs a program', () => {
  it.each(['signal-exit', 'signal-exit-3'])('ends by the signal, after what it cleans up and its last telemetry: %s', async (name) => {
    await using receiver = await startOtlpReceiver();
    const code = `
      import { writeSync } from 'node:fs';
      import { instrument } from './src/instrumentation/instrument.ts';
      import * as signalExit from '${name}';
      const h = instrument();
      setTimeout(() => process.exit(7), 20_000);
      (signalExit.onExit ?? signalExit.default)((code, signal) => writeSync(2, 'cleaned up after ' + signal));
      h.tracer.startSpan('last').end();
      process.stdout.write('READY');`;
    const outcome = await runProcess({ code, env: patient(receiver.url), onReady: (child) => child.kill('SIGTERM') });
    expect(outcome).toMatchObject({ code: null, signal: 'SIGTERM', stderr: 'cleaned up after SIGTERM' });
    expect(receiver.spans().map(({ name: span }) => span)).toEqual(['last']);
  });
});

describe('exports that are under way when the process ends', () => {
  it('are waited for as well: a slow collector loses nothing', async () => {
    await using receiver = await startOtlpReceiver({ respond: { slowMs: 300 } });
    const code = `
      import { instrument } from './src/instrumentation/instrument.ts';
      const h = instrument();
      for (let index = 0; index < 3000; index += 1) h.tracer.startSpan('s').end();
      setTimeout(() => {
        for (let index = 0; index < 100; index += 1) h.tracer.startSpan('s').end();
        process.stdout.write('READY');
        setInterval(() => {}, 1000);
      }, 50);`;
    await runProcess({ code, env: patient(receiver.url), onReady: (child) => child.kill('SIGTERM') });
    expect(receiver.requests().traces.records).toBe(3100);
  });

  it('are waited for without the event loop too: a receiver that drops what its sender hangs up on loses nothing', async () => {
    await using receiver = await startOtlpReceiver({ respond: { slowMs: 1000 } });
    const code = `
      import { instrument } from './src/instrumentation/instrument.ts';
      const h = instrument();
      h.tracer.startSpan('under way').end();
      void h.flush();
      setTimeout(() => process.exit(5), 500);`;
    const more = { HANDOFF_FLUSH_TIMEOUT_MS: '10000', HANDOFF_FLUSH_ON_PROCESS_EXIT: 'true' };
    expect(await runProcess({ code, env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...more } })).toMatchObject({ code: 5, stderr: '' });
    expect(receiver.spans().map(({ name }) => name)).toEqual(['under way']);
  });
});

describe('log lines that a slow reader has not taken yet', () => {
  it('come out before the signal ends the process', async () => {
    await using receiver = await startOtlpReceiver();
    const code = `
      import { instrument } from './src/instrumentation/instrument.ts';
      import { createLogger } from './src/logging/logger.ts';
      const h = instrument();
      const log = createLogger();
      process.stdin.once('data', () => {
        for (let line = 0; line < 10_000; line += 1) log.info({ line, padding: 'x'.repeat(100) }, 'numbered');
        process.kill(process.pid, 'SIGTERM');
      });
      process.stdout.write('READY');`;
    const outcome = await runProcess({
      code,
      env: patient(receiver.url),
      onReady: (child) => {
        child.stderr.pause();
        child.stdin.write('go');
        // Far more than a pipe holds is waiting by the time the process hears the signal.
        setTimeout(() => child.stderr.resume(), 500);
      },
    });
    expect(outcome).toMatchObject({ code: null, signal: 'SIGTERM' });
    expect(outcome.stderr.split('\n').filter((line) => line.includes('"numbered"'))).toHaveLength(10_000);
  });
});

describe('a client that closed stderr', () => {
  const REPORTS = `
    const { instrument } = await import('./src/instrumentation/instrument.ts');
    instrument();
    instrument({ serviceName: 'reported: it comes too late' });`;
  it.each([
    ['the main thread', REPORTS],
    [
      'a worker thread',
      `
      const { Worker } = await import('node:worker_threads');
      const worker = new Worker(${JSON.stringify(`(async () => { setInterval(() => {}, 1000); ${REPORTS}})()`)}, { eval: true });
      setTimeout(() => worker.terminate(), 1500);`,
    ],
  ])('does not end a host about which something is reported in %s', async (_where, reports) => {
    const code = `
      process.stdin.once('data', async () => {
        ${reports}
        setTimeout(() => process.stdout.write(' alive') && process.exit(0), 2000);
      });
      process.stdout.write('READY');`;
    const outcome = await runProcess({
      code,
      env: { OTEL_TRACES_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', OTEL_METRICS_EXPORTER: 'none' },
      onReady: (child) => {
        child.stderr.destroy();
        child.stdin.write('go');
      },
    });
    expect(outcome).toMatchObject({ code: 0, signal: null, stdout: 'READY alive' });
  });
});

async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}`;
}
