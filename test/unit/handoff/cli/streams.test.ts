import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { drained } from '../../../../src/handoff/cli/streams.js';

/** A stream that is full at once, and takes what it has when told. */
function slow() {
  let take: ((error?: Error) => void) | undefined;
  const stream = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => void (take = done) });
  stream.on('error', () => undefined);
  return { stream, take: (error?: Error) => take?.(error) };
}

it('resolves at once for a stream that takes more', async () => {
  await drained(slow().stream);
});

it.each([
  ['the reader has caught up', undefined],
  ['the reader has gone', new Error('EPIPE')],
])('resolves when %s, and leaves no listener behind', async (_what, error) => {
  const { stream, take } = slow();
  const listeners = (): number => ['drain', 'close', 'error'].reduce((sum, event) => sum + stream.listenerCount(event), 0);
  const before = listeners();
  stream.write('text');
  let isDone = false;
  const done = drained(stream).then(() => (isDone = true));
  await new Promise((resolve) => setImmediate(resolve));
  expect(isDone).toBe(false);
  take(error);
  await done;
  expect(listeners()).toBe(before);
  stream.write('more');
  if (error !== undefined) await drained(stream);
});
