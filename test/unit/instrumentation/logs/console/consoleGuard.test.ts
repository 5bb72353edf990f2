import { PassThrough } from 'node:stream';
import { SeverityNumber, TraceFlags, context, trace } from '@opentelemetry/api';
import type { LogRecord } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { suppressTracing } from '@opentelemetry/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardConsole } from '../../../../../src/instrumentation/logs/console/consoleGuard.js';

const { Console } = process.getBuiltinModule('node:console');

let stdout: PassThrough;
let stderr: PassThrough;
let host: Console;
let records: LogRecord[];
let restore: () => void;

const text = (stream: PassThrough): string => String(stream.read() ?? '');
const guard = (): void => {
  restore = guardConsole({
    console: host,
    stderr,
    logger: { emit: (record) => void records.push(record) },
    attributes: () => ({ 'mcp.method.name': 'tools/call' }),
  });
};

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  stdout = new PassThrough();
  stderr = new PassThrough();
  host = new Console({ stdout, stderr });
  records = [];
  guard();
});
afterEach(() => {
  restore();
  context.disable();
});

describe('a guarded console', () => {
  it.each<readonly [method: string, call: (console: Console) => void, body: string, severity: SeverityNumber]>([
    ['log', (c) => c.log('%s and %d', 'a', 1), 'a and 1', SeverityNumber.INFO],
    ['info', (c) => c.info('a'), 'a', SeverityNumber.INFO],
    ['debug', (c) => c.debug('a'), 'a', SeverityNumber.DEBUG],
    ['dir', (c) => c.dir({ a: 1 }, { depth: 0 }), '{ a: 1 }', SeverityNumber.INFO],
    ['dirxml', (c) => c.dirxml('a', 'b'), 'a b', SeverityNumber.INFO],
    ['table', (c) => c.table([{ a: 1 }]), '[ { a: 1 } ]', SeverityNumber.INFO],
    ['group', (c) => c.group('a'), 'a', SeverityNumber.INFO],
    ['count', (c) => c.count('a'), 'a: 1', SeverityNumber.INFO],
    ['trace', (c) => c.trace('a'), 'a', SeverityNumber.TRACE],
    ['warn', (c) => c.warn('a'), 'a', SeverityNumber.WARN],
    ['error', (c) => c.error('a'), 'a', SeverityNumber.ERROR],
    ['assert', (c) => c.assert(false, 'a'), 'Assertion failed: a', SeverityNumber.ERROR],
    ['assert with a format', (c) => c.assert(false, 'a %s', 'b'), 'Assertion failed: a b', SeverityNumber.ERROR],
    ['assert without a text', (c) => c.assert(false), 'Assertion failed', SeverityNumber.ERROR],
    ['assert with an object', (c) => c.assert(false, { a: 1 } as unknown as string), 'Assertion failed { a: 1 }', SeverityNumber.ERROR],
  ])('%s: one record, the text on stderr as Node formats it, nothing on stdout', (_method, call, body, severityNumber) => {
    const plain = { stdout: new PassThrough(), stderr: new PassThrough() };
    call(new Console(plain));
    call(host);
    const unframed = (lines: string): string => lines.replaceAll(/\n +at .*/g, '');
    expect(unframed(text(stderr))).toBe(unframed(text(plain.stdout) + text(plain.stderr)));
    expect(text(stdout)).toBe('');
    expect(records).toMatchObject([{ body, severityNumber, attributes: { 'mcp.method.name': 'tools/call' } }]);
  });

  it('makes a record of a duration', () => {
    host.time('a');
    host.timeLog('a');
    host.timeEnd('a');
    expect(records).toHaveLength(2);
    for (const { body } of records) expect(body).toMatch(/^a: \d/);
    expect(text(stdout)).toBe('');
  });

  it('keeps errors out of it that are label or data', () => {
    host.count(new TypeError('the secret') as unknown as string);
    host.time('a');
    host.timeLog('a', new TypeError('the secret'), { failed: new TypeError('the secret') });
    expect(text(stderr)).toContain('the secret');
    expect(records.map(({ body }) => (body as string).replace(/[\d.]+ms/, '1ms'))).toEqual([
      'TypeError: 1',
      "a: 1ms TypeError { failed: { type: 'TypeError' } }",
    ]);
    expect(JSON.stringify(records)).not.toContain('the secret');
  });

  it('makes none of what prints nothing', () => {
    host.assert(true, 'a');
    host.groupEnd();
    host.countReset('nothing counted yet');
    expect(records.map(({ body }) => body)).toEqual([]);
  });

  it('keeps messages of errors out of records, not off stderr', () => {
    host.error('failed', new TypeError('the secret'));
    expect(text(stderr)).toContain('the secret');
    expect(records).toMatchObject([{ body: 'failed TypeError', attributes: { 'exception.type': 'TypeError' } }]);
    expect(JSON.stringify(records)).not.toContain('the secret');
  });

  it('redirects methods taken off it earlier, without records', () => {
    restore();
    const { log } = host;
    guard();
    log('early');
    expect([text(stdout), text(stderr), records.length]).toEqual(['', 'early\n', 0]);
  });

  it('makes no record of what an exporter prints, or a processor while it takes a record', () => {
    context.with(suppressTracing(context.active()), () => host.log('exported'));
    restore();
    guardConsole({
      console: host,
      stderr,
      logger: {
        emit: (record) => {
          records.push(record);
          host.log('processing');
        },
      },
    });
    host.log('once');
    expect(records.map(({ body }) => body)).toEqual(['once']);
    expect(text(stderr)).toBe('exported\nonce\nprocessing\n');
  });

  it('makes records in the context of the call', () => {
    const span = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };
    const seen: unknown[] = [];
    restore();
    restore = guardConsole({ console: host, stderr, logger: { emit: () => void seen.push(trace.getSpanContext(context.active())) } });
    context.with(trace.setSpanContext(context.active(), span), () => host.log('x'));
    expect(seen).toEqual([span]);
  });

  it('survives values that throw when looked at, and a logger that fails', () => {
    const hostile = {
      get a(): never {
        throw new Error('getter');
      },
    };
    restore();
    restore = guardConsole({
      console: host,
      stderr,
      logger: {
        emit: () => {
          throw new Error('logger');
        },
      },
    });
    host.log('x');
    host.log(hostile);
    expect(text(stderr)).toMatch(/^x\n\{ a: \[Getter\] \}\n$/);
  });

  it('is as before when restored, and passes through where someone else has wrapped it', () => {
    const { info } = host;
    const theirs = host.log;
    host.log = (...args) => theirs('theirs:', ...args);
    restore();
    host.log('a');
    host.info('b');
    expect(host.info).not.toBe(info);
    expect([text(stdout), text(stderr), records.length]).toEqual(['theirs: a\nb\n', '', 0]);
  });
});

it('refuses a console without a stream to exchange', () => {
  expect(() => guardConsole({ console: Object.create(host) as Console, stderr })).toThrow('no stream');
});
