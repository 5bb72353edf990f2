import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { SeverityNumber } from '@opentelemetry/api';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import type { ReadableLogRecord } from '@opentelemetry/sdk-logs';
import { pino } from 'pino';
import type { Logger, LoggerOptions } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { subscribePino } from '../../../../../src/instrumentation/logs/pino/pinoChannel.js';
import type { PinoSubscription } from '../../../../../src/instrumentation/logs/pino/pinoChannel.js';
import { MemoryDestination } from '../../../logging/memoryDestination.js';

let exporter: InMemoryLogRecordExporter;
let subscription: PinoSubscription;
beforeEach(() => {
  exporter = new InMemoryLogRecordExporter();
  const logger = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }).getLogger('test');
  subscription = subscribePino({ logger });
});
afterEach(() => subscription.disable());

const logger = (options: LoggerOptions = {}): Logger => pino(options, new MemoryDestination());
const records = (): ReadableLogRecord[] => exporter.getFinishedLogRecords();

const fail = (): never => {
  throw new Error('not to be read');
};

describe('records of pino', () => {
  it.each([
    ['plain', {}],
    ['read back from the line', { redact: ['password'] }],
  ])('have what was logged as the message also when it is no text: %s', (_how, options) => {
    const log = logger(options);
    log.info(42 as unknown as string);
    log.info(true as unknown as string);
    log.info({ msg: { step: 1 }, password: 'p' });
    log.info({ msg: ['a'], password: 'p' });
    log.info({ msg: new RangeError('secret'), password: 'p' });
    log.info(null as unknown as string);
    const bodies = records().map(({ body }) => body);
    expect(bodies.slice(0, 4)).toEqual([42, true, { step: 1 }, ['a']]);
    expect(bodies[5]).toBeUndefined();
    expect(JSON.stringify(bodies)).not.toContain('secret');
  });

  it('hide the message of an error also when it is no text', () => {
    const error = { message: { secret: 'secret' } };
    for (const options of [{}, { redact: ['password'] }]) logger(options).error({ err: error, password: 'p' });
    expect(records().map(({ body }) => body)).toEqual(['Error', 'Error']);
    expect(JSON.stringify(records().map(({ attributes }) => attributes))).not.toContain('secret');
  });

  it('are made also of fields that cannot be read: only those are missing', () => {
    const broken = {
      get inner(): string {
        throw new Error('getter');
      },
      readable: [1, { toJSON: () => fail() }],
    };
    logger().info({ broken, all: { toJSON: () => fail() }, n: 1 }, 'written');
    expect(records()).toHaveLength(1);
    expect(records()[0]).toMatchObject({
      body: 'written',
      attributes: { broken: { inner: '[unreadable]', readable: [1, '[unreadable]'] }, all: '[unreadable]', n: 1 },
    });
  });

  it.each([
    ['plain', {}],
    ['read back from the line', { redact: ['password'] }],
    ['below a nestedKey', { nestedKey: 'payload' }],
  ])('have the fields that the host logs by the names of those of pino itself: %s', (_how, options) => {
    const log = pino(options, new MemoryDestination());
    log.info({ hostname: 'db.example', level: 'high', password: 'p' }, 'connecting');
    log.info({ password: 'p', hostname: undefined }, 'connected');
    const [first, second] = records().map(({ attributes }) => (attributes['payload'] ?? attributes) as Record<string, unknown>);
    expect(first).toMatchObject({ hostname: 'db.example', level: 'high' });
    expect(Object.keys(first ?? {})).toHaveLength(3);
    expect(Object.keys(second ?? {})).toEqual(['password']);
  });

  it('of a logger with nestedKey have event name, type and frames of errors as any other', () => {
    const log = logger({ nestedKey: 'payload', errorKey: 'failure' });
    log.error({ 'event.name': 'a.b', failure: new RangeError('secret'), n: 1 }, 'failed');
    log.error(new RangeError('secret'));
    const [first, second] = records();
    expect(first).toMatchObject({ body: 'failed', eventName: 'a.b', attributes: { 'exception.type': 'RangeError', payload: { n: 1 } } });
    expect(first?.attributes['exception.stacktrace']).toMatch(/^ {4}at /);
    expect(first?.attributes['payload']).toEqual({ n: 1 });
    expect(second).toMatchObject({ body: 'RangeError', attributes: { 'exception.type': 'RangeError' } });
    expect(second?.attributes).not.toHaveProperty('payload');
    expect(JSON.stringify(records().map(({ body, attributes }) => [body, attributes]))).not.toContain('secret');
  });

  it('have the severity that the level is named after where the host numbers levels in a way of its own', () => {
    const syslog = { emerg: 0, alert: 1, crit: 2, error: 3, warning: 4, notice: 5, info: 6, debug: 7 };
    const own = { customLevels: syslog, useOnlyCustomLevels: true, levelComparison: 'DESC', level: 'debug' } as const;
    const log = pino(own, new MemoryDestination());
    for (const level of Object.keys(syslog) as (keyof typeof syslog)[]) log[level](level);
    const few = pino({ customLevels: { info: 1, loud: 2, error: 3 }, useOnlyCustomLevels: true, level: 'info' }, new MemoryDestination());
    few.error('error');
    expect(records().map(({ severityText, severityNumber }) => [severityText, severityNumber])).toEqual([
      ['emerg', SeverityNumber.FATAL],
      ['alert', SeverityNumber.ERROR3],
      ['crit', SeverityNumber.ERROR2],
      ['error', SeverityNumber.ERROR],
      ['warning', SeverityNumber.WARN],
      ['notice', SeverityNumber.INFO2],
      ['info', SeverityNumber.INFO],
      ['debug', SeverityNumber.DEBUG],
      ['error', SeverityNumber.ERROR],
    ]);
  });

  it('leave nothing of the bindings of a logger for each request in the memory', () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    subscription.disable();
    subscription = subscribePino({ logger: { emit: () => undefined } });
    const log = pino({}, { write: () => undefined });
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let id = 0; id < 200; id += 1)
      log.child({ id, session: Array.from({ length: 500 }, (_, n) => `${id}-${n}`.padEnd(200)) }).info('x');
    collect();
    expect((process.memoryUsage().heapUsed - before) / 1e6).toBeLessThan(10);
  });
});
