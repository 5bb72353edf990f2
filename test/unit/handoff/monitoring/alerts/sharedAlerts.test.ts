import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Breach } from '../../../../../src/handoff/monitoring/alerts/breach.js';
import { SharedAlerts } from '../../../../../src/handoff/monitoring/alerts/sharedAlerts.js';
import type { AlertChangeRow } from '../../../../../src/handoff/monitoring/sql/syncAlerts.js';
import type { Database } from '../../../../../src/handoff/storage/database.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';

type Change = AlertChangeRow['change'];

const none = new Map<string, Breach>();
const breach = new Map<string, Breach>([
  ['error_rate/service', { name: 'error_rate', scope: 'service', value: 9, threshold: 5, sinceMs: 0 }],
]);
const row = (change: Change, wasMine = true, alert = 'error_rate', scope = 'service'): AlertChangeRow => ({
  change,
  alert,
  scope,
  started_at: new Date(0),
  was_mine: wasMine,
});

/** A server whose database answers what a test says, and when. */
function server() {
  const questions: PromiseWithResolvers<readonly AlertChangeRow[]>[] = [];
  const database = {
    query: async () => [{ present: true }],
    transaction: () => {
      const question = Promise.withResolvers<readonly AlertChangeRow[]>();
      questions.push(question);
      return question.promise;
    },
  } as unknown as Database;
  const alerts = new SharedAlerts({ database, clock: new FakeClock(), server: 'a', onAlone: () => undefined, limitMs: 50 });
  const told = async (breaches: ReadonlyMap<string, Breach>, answer?: readonly AlertChangeRow[]): Promise<string[]> => {
    const asked = questions.length;
    const changes = alerts.sync(breaches, 60_000, () => 'recovered');
    if (answer !== undefined) {
      await setImmediate();
      expect(questions).toHaveLength(asked + 1);
      questions[asked]?.resolve(answer);
    }
    return (await changes).map(({ change, key, cause }) => [change, key, cause].filter(Boolean).join(' '));
  };
  /** Answers a question of before, too late. */
  const answered = async (question: number, answer: readonly AlertChangeRow[] | Error): Promise<void> => {
    if (answer instanceof Error) questions[question]?.reject(answer);
    else questions[question]?.resolve(answer);
    await setImmediate();
  };
  return { told, answered, asked: () => questions.length };
}

it('tells later what a question that took too long came to, where nobody else is told of it', async () => {
  const { told, answered } = server();
  expect(await told(none)).toEqual([]);
  await answered(0, [row('cleared', false, 'memory', 'server:dead')]);
  expect(await told(none, [])).toEqual(['cleared memory/server:dead expired']);
  expect(await told(none, [])).toEqual([]);
});

it('does not tell a second time of an end that it told by itself, when the question is answered', async () => {
  const { told, answered } = server();
  expect(await told(breach, [row('raised')])).toEqual(['raised error_rate/service']);
  expect(await told(none)).toEqual(['cleared error_rate/service recovered']);
  await answered(1, [row('cleared')]);
  expect(await told(none, [])).toEqual([]);
});

it('does not tell of a beginning that is over by the time the question is answered', async () => {
  const { told, answered } = server();
  expect(await told(breach)).toEqual(['raised error_rate/service']);
  expect(await told(none)).toEqual(['cleared error_rate/service recovered']);
  await answered(0, [row('raised')]);
  expect(await told(none, [row('cleared')])).toEqual([]);
});

it('does not say that an alert is over which has begun again, when a question about its former end is answered', async () => {
  const { told, answered, asked } = server();
  expect(await told(breach, [row('raised')])).toEqual(['raised error_rate/service']);
  expect(await told(none)).toEqual(['cleared error_rate/service recovered']);
  expect(await told(breach)).toEqual(['raised error_rate/service']);
  // A question that overtook this one would be undone by it.
  expect(asked()).toBe(2);
  await answered(1, [row('cleared')]);
  expect(await told(breach, [row('raised')])).toEqual([]);
  expect(await told(none, [row('cleared')])).toEqual(['cleared error_rate/service recovered']);
});

it('tells once of the end of an alert that has begun again while the database was away', async () => {
  const { told, answered } = server();
  expect(await told(breach, [row('raised')])).toEqual(['raised error_rate/service']);
  expect(await told(none)).toEqual(['cleared error_rate/service recovered']);
  expect(await told(breach)).toEqual(['raised error_rate/service']);
  await answered(1, new Error('away'));
  expect(await told(none, [row('cleared')])).toEqual(['cleared error_rate/service recovered']);
});

it('tells once of the end of an alert that it told by itself, and that its question has brought to the database meanwhile', async () => {
  const { told, answered } = server();
  expect(await told(breach)).toEqual(['raised error_rate/service']);
  await answered(0, [row('raised')]);
  expect(await told(none, [row('cleared')])).toEqual(['cleared error_rate/service recovered']);
});
