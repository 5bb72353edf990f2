import { expect, it } from 'vitest';
import type { Pool } from 'pg';
import type { SharedOutcome, SharedCall } from '../../../../../src/handoff/sessions/sharing/sharedCall.js';
import { StatementQueue } from '../../../../../src/handoff/sessions/sharing/statementQueue.js';
import type { QueuedStatement } from '../../../../../src/handoff/sessions/sharing/statementQueue.js';
import type { OperationScope } from '../../../../../src/telemetry/observe.js';
import { FakeClock } from '../../../../../src/testing.js';

const scope: OperationScope = { add: () => undefined, fail: () => undefined, link: () => undefined };
const pool = { options: { max: 10 }, totalCount: 0, idleCount: 0, waitingCount: 0 } as unknown as Pool;

/** A statement that is under way until the test ends it. */
interface Sent {
  readonly keys: readonly string[];
  readonly isShared: boolean;
  readonly end: () => void;
}

function queueWith(options: Partial<QueuedStatement<SharedCall, string>>) {
  const sent: Sent[] = [];
  const ended = (keys: readonly string[], isShared: boolean): Promise<void> =>
    new Promise((resolve) => void sent.push({ keys, isShared, end: resolve }));
  const queue = new StatementQueue<SharedCall, string>(
    { database: { pool }, clock: new FakeClock(), endOfTurn: setImmediate, observe: (_operation, _attributes, work) => work(scope) },
    {
      operation: 'handoff.session.handoff_together',
      mostTogether: 3,
      send: async (calls) => {
        await ended(
          calls.map(({ sessionKey }) => sessionKey),
          true,
        );
        return calls.map(({ sessionKey }): SharedOutcome<string> => ({ kind: 'answered', row: `shared ${sessionKey}` }));
      },
      sendAlone: async ({ sessionKey }) => {
        await ended([sessionKey], false);
        return `alone ${sessionKey}`;
      },
      ...options,
    },
  );
  const send = (...keys: readonly string[]): Promise<string | undefined>[] => keys.map((sessionKey) => queue.send({ sessionKey, scope }));
  return { sent, send };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const keysOf = (sent: readonly Sent[]): unknown[] => sent.map(({ keys, isShared }) => [isShared ? 'shared' : 'alone', ...keys]);

it('sends no more shared statements at a time than it may, and all that come meanwhile with the next', async () => {
  const { sent, send } = queueWith({ mostAtATime: 2 });
  const first = send('a', 'b', 'c', 'd', 'e', 'f', 'g');
  await turn();
  expect(keysOf(sent)).toEqual([
    ['shared', 'a', 'b', 'c'],
    ['shared', 'd', 'e', 'f'],
  ]);
  const second = send('h');
  await turn();
  expect(sent).toHaveLength(2);
  sent[1]?.end();
  await turn();
  expect(keysOf(sent.slice(2))).toEqual([['shared', 'g', 'h']]);
  for (const { end } of sent) end();
  expect(await Promise.all([...first, ...second])).toEqual([...'abcdefgh'].map((key) => `shared ${key}`));
});

it('has nobody wait for a call that was sent by itself, which may wait for a lock', async () => {
  const { sent, send } = queueWith({ mostAtATime: 1 });
  const alone = send('locked');
  await turn();
  const others = send('a');
  await turn();
  expect(keysOf(sent)).toEqual([
    ['alone', 'locked'],
    ['shared', 'a'],
  ]);
  sent[1]?.end();
  expect(await Promise.all(others)).toEqual(['shared a']);
  const same = send('locked');
  await turn();
  expect(sent).toHaveLength(2);
  sent[0]?.end();
  await turn();
  sent[2]?.end();
  expect(await Promise.all([...alone, ...same])).toEqual(['alone locked', 'alone locked']);
});

it('has one call for a session in a statement that can do no more', async () => {
  const { sent, send } = queueWith({ isOncePerSession: true });
  const calls = send('a', 'b', 'a');
  await turn();
  expect(keysOf(sent)).toEqual([['shared', 'a', 'b']]);
  sent[0]?.end();
  await turn();
  expect(keysOf(sent.slice(1))).toEqual([['alone', 'a']]);
  sent[1]?.end();
  expect(await Promise.all(calls)).toEqual(['shared a', 'shared b', 'alone a']);
});
