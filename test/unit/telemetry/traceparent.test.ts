import { TraceFlags, context, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { activeTraceparent, parseTraceparent } from '../../../src/telemetry/traceparent.js';

const SPAN = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: TraceFlags.SAMPLED };
const TEXT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
});
afterAll(() => {
  context.disable();
});

const within = (span: object): string | undefined =>
  context.with(trace.setSpanContext(context.active(), { ...SPAN, ...span }), activeTraceparent);

it('says which span is active, if its trace is kept', () => {
  expect(within({})).toBe(TEXT);
  expect(within({ traceFlags: TraceFlags.NONE })).toBeUndefined();
  expect(within({ spanId: '0000000000000000' })).toBeUndefined();
  expect(activeTraceparent()).toBeUndefined();
});

it.each([
  '',
  'junk',
  TEXT.toUpperCase(),
  `01${TEXT.slice(2)}`,
  `${TEXT}-x`,
  TEXT.replaceAll('b', '0').replace(/-[0-9a-f]{16}-/, `-${'0'.repeat(16)}-`),
])('does not take %j for one', (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});

it('reads what it wrote', () => {
  expect(parseTraceparent(TEXT)).toEqual({ ...SPAN, isRemote: true });
});
