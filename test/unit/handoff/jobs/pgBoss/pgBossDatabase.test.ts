import { EventEmitter } from 'node:events';
import { context } from '@opentelemetry/api';
import type { Pool } from 'pg';
import { afterEach, expect, it, vi } from 'vitest';
import { isOutdated, pgBossDatabase } from '../../../../../src/handoff/jobs/pgBoss/pgBossDatabase.js';
import { isTracingSuppressed } from '../../../../../src/logging/suppression.js';
import { Recording } from '../../../telemetry/recording.js';

let recording: Recording | undefined;
afterEach(() => recording?.dispose());

class Client extends EventEmitter {
  readonly released: unknown[] = [];
  readonly suppressed: boolean[] = [];
  readonly #answer: () => unknown;

  constructor(answer: () => unknown) {
    super();
    this.#answer = answer;
  }

  async query(): Promise<unknown> {
    this.suppressed.push(isTracingSuppressed(context.active()));
    return this.#answer();
  }

  release(broken: unknown): void {
    this.released.push(broken);
  }
}

function over(client: Client): ReturnType<typeof pgBossDatabase> {
  recording = new Recording();
  return pgBossDatabase({ pool: { connect: async () => client, options: {} } as unknown as Pool });
}

it('answers with the rows of all statements of a text, and traces none', async () => {
  const client = new Client(() => [{ rows: [] }, { rows: [{ a: 1 }] }, {}, { rows: [{ a: 2 }] }]);
  expect(await over(client).executeSql('BEGIN; ...; COMMIT')).toEqual({ rows: [{ a: 1 }, { a: 2 }] });
  expect(client).toMatchObject({ released: [false], suppressed: [true] });
  expect(client.listenerCount('error')).toBe(0);
});

it('closes a connection whose statement failed, since a transaction may be open in it', async () => {
  const client = new Client(() => {
    // What pg does when the connection breaks: without a listener it would end the process.
    client.emit('error', new Error('broken'));
    throw new Error('broken');
  });
  await expect(over(client).executeSql('SELECT 1')).rejects.toThrow('broken');
  expect(client.released).toEqual([true]);
});

const broken = (): Error => new Error('Connection terminated unexpectedly');
const cancelled = (): Error => Object.assign(new Error('canceling statement due to statement timeout'), { code: '57014' });

it.each([
  ['a connection was lost, and a later statement was answered', broken, 'later', true],
  ['a connection was lost, and only an earlier statement was answered', broken, 'earlier', false],
  ['the database refused it, and a later statement was answered', cancelled, 'later', false],
])('says whether a failure is outdated: %s', async (_case, failure, when, expected) => {
  const failing = Promise.withResolvers<unknown>();
  const answers = [() => failing.promise, () => ({ rows: [] })];
  if (when === 'earlier') answers.reverse();
  const database = pgBossDatabase({
    pool: { connect: async () => new Client(() => answers.shift()?.()), options: {} } as unknown as Pool,
  });
  const both = [database.executeSql('SELECT 1'), database.executeSql('SELECT 2')];
  await (when === 'later' ? both[1] : both[0]);
  failing.reject(failure());
  const thrown: unknown = await (when === 'later' ? both[0] : both[1])?.catch((error: unknown) => error);
  // pg-boss tells of a copy.
  expect([isOutdated(thrown), isOutdated({ ...(thrown as object) })]).toEqual([expected, expected]);
});

it.each([
  // Each of two statements may take the limit of the pool, and the answer two seconds more.
  [100, 2200],
  [40_000, 60_000],
  [false, 60_000],
])('gives up on a connection that leads nowhere: statement_timeout %s, after %i ms', async (limit, expectedMs) => {
  vi.useFakeTimers();
  try {
    const client = new Client(() => new Promise(() => undefined));
    const database = pgBossDatabase({ pool: { connect: async () => client, options: { statement_timeout: limit } } as unknown as Pool });
    const asking = database.executeSql('SELECT 1').then(
      () => 'answered',
      () => 'given up',
    );
    await vi.advanceTimersByTimeAsync(expectedMs - 1);
    expect(client.released).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(await asking).toBe('given up');
    expect(client.released).toEqual([true]);
  } finally {
    vi.useRealTimers();
  }
});
