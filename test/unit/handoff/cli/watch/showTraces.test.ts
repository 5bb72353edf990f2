import { expect, it } from 'vitest';
import { showTraces } from '../../../../../src/handoff/cli/watch/showTraces.js';
import { startOtlpReceiver } from '../../../../../src/testing.js';
import { systemClock } from '../../../../../src/time/clock.js';

const span = (spanId: string, name: string, parentSpanId?: string): object => ({
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: spanId.padStart(16, '0'),
  ...(parentSpanId === undefined ? {} : { parentSpanId: parentSpanId.padStart(16, '0') }),
  name,
  kind: 3,
  startTimeUnixNano: '1000000',
  endTimeUnixNano: '2000000',
});

async function send(url: string, ...spans: readonly object[]): Promise<void> {
  const body = JSON.stringify({ resourceSpans: [{ resource: {}, scopeSpans: [{ scope: { name: 'test' }, spans }] }] });
  const { status } = await fetch(`${url}/v1/traces`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  expect(status).toBe(200);
}

it('shows each trace by itself as it is complete, and the rest when the program has ended', async () => {
  const receiver = await startOtlpReceiver();
  const ended = new AbortController();
  const seen: string[][] = [];
  const first = Promise.withResolvers<undefined>();
  const shown = showTraces({
    receiver,
    clock: systemClock,
    ended: ended.signal,
    show: (spans) => {
      seen.push(spans.map(({ name }) => name));
      first.resolve(undefined);
    },
  });
  await send(receiver.url, span('2', 'SELECT', '1'));
  await send(receiver.url, span('1', 'tools/call'));
  await first.promise;
  expect(seen).toEqual([['SELECT', 'tools/call']]);

  await send(receiver.url, span('4', 'still missing its parent', '3'));
  ended.abort();
  await receiver.close();
  expect(await shown).toBe(2);
  expect(seen.at(-1)).toEqual(['still missing its parent']);
});

it('ends at once when nothing ever came', async () => {
  const receiver = await startOtlpReceiver();
  const ended = new AbortController();
  const shown = showTraces({ receiver, clock: systemClock, ended: ended.signal, show: () => undefined });
  ended.abort();
  await receiver.close();
  expect(await shown).toBe(0);
});
