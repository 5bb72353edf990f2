import { EventEmitter } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeverityNumber } from '@opentelemetry/api';
import type { LogRecord } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogWorker } from '../../../../../src/instrumentation/logs/worker/logWorker.js';
import { openLogWorker } from '../../../../../src/instrumentation/logs/worker/openLogWorker.js';
import type { OpenLogWorkerOptions } from '../../../../../src/instrumentation/logs/worker/openLogWorker.js';
import { resolveSettings } from '../../../../../src/instrumentation/settings/resolve.js';
import { startOtlpReceiver } from '../../../../../src/testing/otlpReceiver.js';
import { systemClock } from '../../../../../src/time/clock.js';
import { expectWithin } from '../../../../setup/expectWithin.js';

const packageName = 'pino-opentelemetry-transport';
const transportFile = createRequire(import.meta.url).resolve(packageName);
const RECORD: LogRecord = { severityNumber: SeverityNumber.INFO, severityText: 'info', body: 'text' };

let folder: string;
let reported: string[];
let inProcess: LogRecord[];
let host: EventEmitter;
let workers: LogWorker[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-worker-'));
  reported = [];
  inProcess = [];
  host = new EventEmitter();
  workers = [];
});
afterEach(() => {
  for (const worker of workers) worker.close();
  rmSync(folder, { recursive: true });
});

const options = (env: Record<string, string> = {}, flushTimeoutMs = 2000): OpenLogWorkerOptions => ({
  settings: resolveSettings({ logTransport: 'worker', flushTimeoutMs }, env),
  resource: resourceFromAttributes({ 'service.name': 'svc', 'service.instance.id': 'one' }),
  env: { ...process.env, ...env },
  clock: systemClock,
  report: (line) => reported.push(line),
  host: host as unknown as NodeJS.Process,
  logger: { emit: (record) => void inProcess.push(record), enabled: () => true },
});

function start({ logger: fallback, ...rest }: OpenLogWorkerOptions, file = transportFile): LogWorker {
  const worker = new LogWorker({ ...rest, transportFile: file, fallback });
  workers.push(worker);
  return worker;
}

/** A transport that is not as it should be, beside the packages of the real one. */
function transport(source: string): string {
  for (const name of ['@opentelemetry/api', '@opentelemetry/api-logs']) {
    const place = join(folder, 'node_modules', name);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'index.js'), `module.exports = require(${JSON.stringify(createRequire(transportFile).resolve(name))});`);
  }
  const file = join(folder, 'transport.cjs');
  writeFileSync(file, source);
  return file;
}

describe('the log worker', () => {
  it('delivers by the settings, with our resource, and says what became of the records', async () => {
    await using receiver = await startOtlpReceiver();
    const worker = start(
      options({
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
        OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
        OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '10',
      }),
    );
    for (let index = 0; index < 25; index += 1) worker.emit({ ...RECORD, body: `text ${index}` });
    await worker.flush();
    expect(worker.counts()).toEqual({ made: 25, queued: 0, inFlight: 0, delivered: 25, failed: 0, dropped: 0 });
    expect(receiver.logRecords().map(({ body }) => body)).toEqual(Array.from({ length: 25 }, (_, index) => `text ${index}`));
    expect(receiver.logRecords()[0]).toMatchObject({
      severityNumber: 9,
      severityText: 'info',
      resource: { attributes: { 'service.name': 'svc', 'service.instance.id': 'one' } },
      scope: { name: 'handoff-otel' },
    });
    expect(Object.keys(receiver.resources()[0]?.attributes ?? {})).toEqual(['service.name', 'service.instance.id']);
  });

  it('counts what a receiver refuses as failed', async () => {
    await using receiver = await startOtlpReceiver({ respond: { refuseStatus: 400 } });
    const worker = start(options({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }));
    worker.emit(RECORD);
    await worker.flush();
    expect(worker.counts()).toMatchObject({ made: 1, delivered: 0, failed: 1 });
  });

  it('holds a bounded number for a receiver that hangs, and never its caller', async () => {
    await using receiver = await startOtlpReceiver({ respond: 'hang' });
    const worker = start(
      options({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, OTEL_BLRP_MAX_QUEUE_SIZE: '100', OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: '10' }, 300),
    );
    const startedMs = performance.now();
    for (let index = 0; index < 10_000; index += 1) worker.emit(RECORD);
    expect(performance.now() - startedMs).toBeLessThan(2000);
    expect(worker.counts()).toMatchObject({ made: 10_000, inFlight: 100, dropped: 9900 });
    const exitMs = performance.now();
    host.emit('exit', 0);
    expect(performance.now() - exitMs).toBeGreaterThan(250);
    expectWithin(performance.now() - exitMs, 300, 1200);
  });

  it('delivers in an exit handler, with the event loop stopped', async () => {
    await using receiver = await startOtlpReceiver({ respond: { slowMs: 0 } });
    const worker = start(options({ OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }));
    worker.emit({ ...RECORD, body: 'warm up' });
    await worker.flush();
    // The receiver lives on this thread's event loop, so all this can wait for is its bound; the chunk is on its way then.
    worker.emit({ ...RECORD, body: 'last' });
    host.emit('exit', 0);
    await receiver.waitFor(({ logRecords }) => logRecords().some(({ body }) => body === 'last'));
  });

  it.each([
    ['throws when it is loaded', 'throw new Error("broken install");', /broken install/],
    ['is no transport', 'module.exports = {};', /is not a function/],
    ['fails before its first line', 'module.exports = async () => { throw new Error("no such option"); };', /no such option/],
  ])('goes on in process, losing nothing, when the transport %s', async (_what, source, reason) => {
    const worker = start(options(), transport(source));
    worker.emit({ ...RECORD, body: 'one', attributes: { a: 1 } });
    await worker.flush();
    worker.emit({ ...RECORD, body: 'two' });
    expect(inProcess.map(({ body }) => body)).toEqual(['one', 'two']);
    expect(inProcess[0]).toMatchObject({ severityNumber: 9, severityText: 'info', attributes: { a: 1 } });
    expect(reported).toHaveLength(1);
    expect(reported[0]).toMatch(/logs leave in process from now on/);
    expect(worker.problem()).toMatch(reason);
  });

  it('goes on in process when the thread dies later, and sends nothing twice', async () => {
    const dying = transport(`
      const { Writable } = require('node:stream');
      module.exports = async () => {
        const stream = new Writable({ write: () => { process.exit(7); } });
        stream.levels = { labels: {} };
        Object.defineProperty(stream, 'readableLength', { value: 0 });
        return stream;
      };`);
    const worker = start(options(), dying);
    worker.emit({ ...RECORD, body: 'taken' });
    await worker.flush();
    worker.emit({ ...RECORD, body: 'after' });
    expect(inProcess.map(({ body }) => body)).toEqual(['after']);
    expect(worker.counts()).toMatchObject({ made: 1, failed: 1 });
    expect(reported).toEqual([expect.stringContaining('it ended with code 7')]);
  });

  it('leaves the process as it was when closed', () => {
    const worker = start(options());
    worker.emit(RECORD);
    expect(host.listenerCount('exit')).toBe(2);
    worker.close();
    expect(host.listenerCount('exit')).toBe(0);
    worker.emit({ ...RECORD, body: 'late' });
    expect(inProcess.map(({ body }) => body)).toEqual(['late']);
  });

  it('starts no thread before the first record', () => {
    const worker = start(options());
    worker.flushSync();
    expect([worker.counts().made, host.listenerCount('exit')]).toEqual([0, 0]);
  });
});

describe('whether there is one', () => {
  it.each<readonly [what: string, options: OpenLogWorkerOptions]>([
    ['it was not asked for', { ...options(), settings: resolveSettings({}, {}) }],
    ['logs are off', options({ OTEL_LOGS_EXPORTER: 'none' })],
    ['pino is left alone', { ...options(), settings: resolveSettings({ logTransport: 'worker', libraries: { pino: false } }, {}) }],
  ])('no, silently, when %s', (_what, given) => {
    const report = vi.fn();
    expect(openLogWorker({ ...given, report })).toBeUndefined();
    expect(report).not.toHaveBeenCalled();
  });

  it('no, and said so, when records are to be printed as well', () => {
    expect(openLogWorker(options({ OTEL_LOGS_EXPORTER: 'otlp,console' }))).toBeUndefined();
    expect(reported).toEqual([expect.stringContaining('OTEL_LOGS_EXPORTER=console')]);
  });

  it('no, and said how to have it, when the package is not installed', () => {
    const resolve = (): never => {
      throw new Error('Cannot find module');
    };
    expect(openLogWorker({ ...options(), resolve })).toBeUndefined();
    expect(reported).toEqual([expect.stringContaining(`npm install ${packageName}@4`)]);
  });

  it('yes otherwise', () => {
    expect(openLogWorker(options())).toBeInstanceOf(LogWorker);
  });
});
