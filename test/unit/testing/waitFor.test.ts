import { afterEach, beforeEach, expect, it } from 'vitest';
import { expectOneSpan, FakeClock, startOtlpReceiver, TelemetryTimeoutError, type OtlpReceiver } from '../../../src/testing.js';
import { sendTrace } from './senders.js';

const WIRE = { encoding: 'json', gzip: false } as const;
let clock: FakeClock;
let receiver: OtlpReceiver;

beforeEach(async () => {
  clock = new FakeClock();
  receiver = await startOtlpReceiver({ clock });
});
afterEach(async () => {
  await receiver.close();
});

const rejection = async (promise: Promise<unknown>): Promise<unknown> =>
  await promise.then(
    () => undefined,
    (error: unknown) => error,
  );

it('resolves with what the predicate returns, once it returns something', async () => {
  const waiting = receiver.waitFor(({ spans }) => spans().find((span) => span.kind === 'SERVER'));
  await sendTrace(receiver.url, WIRE);
  expect((await waiting).name).toBe('tools/call add');
});

it('answers at once when the telemetry is already there', async () => {
  await sendTrace(receiver.url, WIRE);
  expect(await receiver.waitFor(({ requests }) => requests().traces.records, { timeoutMs: 0 })).toBe(2);
});

it('takes a predicate that throws for "not yet"', async () => {
  const waiting = receiver.waitFor(({ spans }) => expectOneSpan(spans(), { kind: 'CLIENT' }));
  await sendTrace(receiver.url, WIRE);
  expect((await waiting).name).toBe('INSERT sessions');
});

it('times out with what arrived and what the predicate last threw', async () => {
  await sendTrace(receiver.url, WIRE);
  const waiting = rejection(receiver.waitFor(({ spans }) => expectOneSpan(spans(), { name: 'missing' }), { timeoutMs: 700 }));
  await clock.advance(699);
  expect(clock.sleeping).toBe(1);
  await clock.advance(1);
  const error = await waiting;
  expect(error).toBeInstanceOf(TelemetryTimeoutError);
  expect(error).toMatchObject({
    data: { waitedMs: 700 },
    message: `The expected telemetry did not arrive within 700 ms.
Received so far:
 1 requests, 0 refused
 spans: 2
  CLIENT 'INSERT sessions'
  SERVER 'tools/call add'
 metrics: (none)
 logs: 0
  (none)
The predicate last threw: Expected one span matching { name: 'missing' }, found none among 2:
  CLIENT 'INSERT sessions' ERROR
  SERVER 'tools/call add' UNSET { 'a.string': 'ü ✓', 'an.int': -7, 'a.big': 4503599627370496, 'a.double': 1.5, 'a.bool': true, 'a.list': [ 'x', 'y' ], 'an.empty': '' }`,
  });
});

it('rejects when the receiver closes, and leaves no timer behind', async () => {
  const waiting = rejection(receiver.waitFor(() => false));
  await receiver.close();
  expect(await waiting).toMatchObject({ code: 'HANDOFF_TELEMETRY_TIMEOUT', message: expect.stringContaining('closed while waiting') });
  expect(clock.sleeping).toBe(0);
});
