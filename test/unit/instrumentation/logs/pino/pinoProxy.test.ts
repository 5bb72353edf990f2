import { AsyncLocalStorage } from 'node:async_hooks';
import { TraceFlags, context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemoryLogRecordExporter, LoggerProvider, SimpleLogRecordProcessor } from '@opentelemetry/sdk-logs';
import { pino } from 'pino';
import type { Logger, LoggerOptions } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { subscribePino } from '../../../../../src/instrumentation/logs/pino/pinoChannel.js';
import type { PinoSubscription } from '../../../../../src/instrumentation/logs/pino/pinoChannel.js';
import { MemoryDestination } from '../../../logging/memoryDestination.js';

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };
const FIELDS = { trace_id: SPAN.traceId, span_id: SPAN.spanId, trace_flags: '01' };

let destination: MemoryDestination;
let exporter: InMemoryLogRecordExporter;
let subscription: PinoSubscription;

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  destination = new MemoryDestination();
  exporter = new InMemoryLogRecordExporter();
  const logger = new LoggerProvider({ processors: [new SimpleLogRecordProcessor({ exporter })] }).getLogger('test');
  subscription = subscribePino({ logger });
});
afterEach(() => {
  subscription.disable();
  context.disable();
});

const inSpan = (work: () => void): void => context.with(trace.setSpanContext(context.active(), SPAN), work);

/** One logger for all code: behind it is that of the request, if there is one. */
function forRequests(options: LoggerOptions = {}): {
  readonly root: Logger;
  readonly log: Logger;
  readonly requests: AsyncLocalStorage<Logger>;
} {
  const root = pino(options, destination);
  const requests = new AsyncLocalStorage<Logger>();
  const log = new Proxy(root, { get: (target, key, receiver): unknown => Reflect.get(requests.getStore() ?? target, key, receiver) });
  return { root, log, requests };
}

describe('a Proxy before the loggers of requests', () => {
  it('gets trace fields, and leaves each logger its own bindings', () => {
    const { root, log, requests } = forRequests();
    requests.run(root.child({ request: 'a' }), () => inSpan(() => log.info('in a')));
    inSpan(() => log.info('in none'));
    root.info('of the root');
    root.child({ request: 'b' }).info('in b');
    expect(destination.lines).toMatchObject([{ request: 'a', ...FIELDS }, FIELDS, { msg: 'of the root' }, { request: 'b' }]);
    expect(destination.texts.map((text) => text.match(/"request"/g)?.length ?? 0)).toEqual([1, 0, 0, 1]);
    expect(destination.lines.map((line) => 'trace_id' in line)).toEqual([true, true, false, false]);
    expect(exporter.getFinishedLogRecords().map(({ attributes }) => attributes)).toEqual([{ request: 'a' }, {}, {}, { request: 'b' }]);
  });

  it('hides in each record what the logger of its request hides', () => {
    const { root, log, requests } = forRequests();
    log.info({ password: 'x' }, 'in none');
    requests.run(root.child({}, { redact: ['password'] }), () => log.info({ password: 'secret' }, 'in one'));
    expect(exporter.getFinishedLogRecords().map(({ attributes }) => attributes['password'])).toEqual(['x', '[Redacted]']);
  });

  it('has each field once in lines that are written within others', () => {
    const { log } = forRequests({
      serializers: {
        nested: (value: string) => {
          log.info('within');
          return value;
        },
      },
    });
    inSpan(() => log.info({ nested: 'n' }, 'around'));
    log.info('after');
    expect(destination.texts.map((text) => text.match(/trace_id/g)?.length ?? 0)).toEqual([1, 1, 0]);
  });
});
