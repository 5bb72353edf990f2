import { TraceFlags, context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { subscribePino } from '../../../../../src/instrumentation/logs/pino/pinoChannel.js';
import { hasPinoChannel, patchPino } from '../../../../../src/instrumentation/logs/pino/pinoPatch.js';
import type { LineListener } from '../../../../../src/instrumentation/logs/pino/pinoPatch.js';
import { MemoryDestination } from '../../../logging/memoryDestination.js';

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };

/** The installed pino as it was before it had a channel, as far as we ask. */
const old = Object.assign((...args: Parameters<typeof pino>) => pino(...args), { symbols: pino.symbols, version: '8.21.0' });
const undone: (() => void)[] = [];

beforeEach(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterEach(() => {
  for (const undo of undone.splice(0)) undo();
  context.disable();
});

it.each([
  ['7.0.0', false],
  ['9.9.5', false],
  ['9.10.0', true],
  ['10.4.0', true],
  [undefined, false],
])('pino %s has a channel: %s', (version, expected) => {
  expect(hasPinoChannel({ version })).toBe(expected);
});

it('tells of each line, of loggers made before too, until it is undone', () => {
  const destination = new MemoryDestination();
  const logger = pino({ base: null }, destination);
  const listener = { onStart: vi.fn<LineListener['onStart']>(), onEnd: vi.fn<LineListener['onEnd']>() };
  const undo = patchPino(old, listener);
  undone.push(undo);
  logger.child({ part: 'child' }).info('one');
  expect(listener.onEnd.mock.calls).toEqual(listener.onStart.mock.calls);
  expect(listener.onEnd.mock.calls[0]?.[0].result).toBe(`${JSON.stringify(destination.last)}\n`);
  undo();
  logger.info('two');
  expect(listener.onStart).toHaveBeenCalledTimes(1);
});

it('leads a pino without a channel to the same trace fields', () => {
  const destination = new MemoryDestination();
  const logger = pino({ base: null, timestamp: false }, destination);
  const subscription = subscribePino();
  undone.push(() => subscription.disable());
  expect(subscription.cover(pino).way).toBe('channel');
  const covering = subscription.cover(old);
  undone.push(covering.undo);
  expect(covering.way).toBe('patched');
  context.with(trace.setSpanContext(context.active(), SPAN), () => logger.info('in'));
  expect(destination.last).toMatchObject({ msg: 'in', trace_id: SPAN.traceId, span_id: SPAN.spanId, trace_flags: '01' });
});

it('refuses what is no pino', () => {
  expect(() => patchPino(() => ({}), { onStart: () => undefined, onEnd: () => undefined })).toThrow('an unknown function');
});
