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

const logger = (options: LoggerOptions): Logger => pino(options, new MemoryDestination());
const exported = (): ReadableLogRecord => {
  const [record] = exporter.getFinishedLogRecords();
  if (record === undefined) throw new Error('there is no record');
  return record;
};

describe('records of errors', () => {
  it.each([
    ['redaction, and a cause', { redact: ['password'] }],
    ['redaction of messages', { redact: ['err.message', 'err.stack'] }],
    ['formatters.log', { formatters: { log: (fields: Record<string, unknown>) => fields } }],
    ['streamWrite', { hooks: { streamWrite: (line: string) => line } }],
    ['nestedKey', { nestedKey: 'payload' }],
    ['a serializer', { nestedKey: 'payload', serializers: { err: () => ({ kind: 'x' }) } }],
    ['errorKey', { errorKey: 'error', redact: ['password'], serializers: { err: () => 'x' } }],
  ] satisfies [string, LoggerOptions][])('have the type of an error that has no other text, also with %s', (_what, options) => {
    const { errorKey = 'err' }: LoggerOptions = options;
    logger(options).error({ [errorKey]: new RangeError('secret', { cause: new Error('secret cause') }), password: 'x' });
    expect(exported().body).toBe('RangeError');
    expect(JSON.stringify(exported().attributes)).not.toContain('secret');
  });

  it('hold what the serializer of errors leaves of a value that is none, under any key', () => {
    const serializers = { err: ({ code }: { readonly code: unknown }) => ({ code }) };
    logger({ errorKey: 'error', serializers }).error({ error: { code: 5, query: 'secret' } }, 'failed');
    expect(exported().attributes).toEqual({ error: { code: 5 } });
  });
});
