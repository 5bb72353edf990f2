import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../../src/handoff/cli/main.js';
import { freshDatabase } from '../../../setup/freshDatabase.js';
import type { FreshDatabase } from '../../../setup/freshDatabase.js';
import { openDatabase, sql } from '../storage/openDatabase.js';
import type { Database } from '../../../../src/handoff/storage/database.js';

/** `handoff-otel retention`, in this process. */

let fresh: FreshDatabase;
let database: Database;
beforeAll(async () => {
  fresh = await freshDatabase();
  expect((await run('migrate')).code).toBe(0);
  database = await openDatabase(fresh.url, { poolSize: 1 });
  await sql(database, "INSERT INTO sessions (session_key, agent_from, expires_at) VALUES ('k', 'a', now() + interval '1 day')");
});
afterAll(async () => {
  await database.close();
  await fresh.drop();
});

async function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const written = { out: '', err: '' };
  const streams = { out: (text: string) => void (written.out += text), err: (text: string) => void (written.err += text) };
  return { code: await main(args, { DATABASE_URL: fresh.url, HANDOFF_STORAGE_LIMIT_BYTES: '50000000' }, streams), ...written };
}

const json = async (...args: string[]): Promise<unknown> => JSON.parse((await run('retention', ...args, '--json')).out);

it('lists the policies for people and for programs', async () => {
  const { code, out } = await run('retention', 'list');
  expect([
    code,
    out
      .split('\n')
      .slice(0, 3)
      .map((line) => line.replaceAll(/\s+/g, ' ')),
  ]).toEqual([
    0,
    [expect.stringMatching(/^policy expires dormant/), expect.stringMatching(/^─/), 'extended 72 h 6 h 90 d 30 d 90 d handoff-otel'],
  ]);
  expect(await json('list')).toMatchObject([{ name: 'extended' }, { name: 'short' }, { name: 'standard', activeSessionTtl: 24 }]);
});

it('changes only what is given, and records who did it', async () => {
  expect(await json('set', '--policy', 'short', '--log-days', '2.5', '--by', 'ann')).toMatchObject({
    kind: 'changed',
    policy: { name: 'short', activeSessionTtl: 4, logRetentionDays: 2.5, updatedBy: 'ann' },
  });
  await run('retention', 'set', '--policy', 'short', '--log-days', '3');
  expect(await sql(database, "SELECT changed_by FROM retention_changes WHERE subject = 'policy' ORDER BY id")).toEqual([
    { changed_by: 'ann' },
    { changed_by: expect.stringMatching(/^.+ \(handoff-otel retention\)$/) },
  ]);
  expect(await run('retention', 'set', '--policy', 'new', '--log-days', '3')).toMatchObject({
    code: 1,
    err: expect.stringContaining('--active-hours is missing, and a new policy needs it'),
  });
  expect(await run('retention', 'set', '--policy', 'short', '--log-days', '0')).toMatchObject({
    code: 1,
    err: expect.stringContaining('--log-days is smaller than 1'),
  });
  expect(await run('retention', 'rules', '--add', 'short')).toMatchObject({
    code: 1,
    err: expect.stringContaining('the rule has no condition (allowed: --agent, --metadata or --request-type'),
  });
  expect(await run('retention', 'remove', '--policy', 'standard')).toMatchObject({
    code: 1,
    err: expect.stringContaining('cannot be removed'),
  });
});

it('adds, lists and removes rules', async () => {
  expect(await json('rules', '--add', 'extended', '--metadata', '{"regulated":true}')).toMatchObject([
    { id: '1', position: 10, policy: 'extended', metadata: { regulated: true } },
  ]);
  expect((await run('retention', 'rules')).out).toContain('{"regulated":true}');
  expect(await json('rules', '--remove', '1')).toEqual([]);
  expect((await run('retention', 'rules', '--remove', '1')).code).toBe(1);
  expect((await run('retention', 'rules', '--add', 'extended', '--metadata', '[1]')).code).toBe(2);
});

it('assigns, holds, releases and erases a session', async () => {
  expect(await run('retention', 'assign', '--session', 'k', '--policy', 'extended')).toMatchObject({
    code: 0,
    out: 'Session k has the policy extended.\n',
  });
  expect(await run('retention', 'hold', '--session', 'k', '--reason', 'case 7')).toMatchObject({ code: 0 });
  expect(await json('hold', '--list')).toMatchObject([{ sessionKey: 'k', reason: 'case 7' }]);
  expect(await run('retention', 'erase', '--session', 'k', '--yes')).toMatchObject({
    code: 1,
    err: expect.stringContaining('legal hold since'),
  });
  expect((await run('retention', 'release', '--session', 'k')).out).toBe('Session k is no longer on legal hold.\n');
  expect(await run('retention', 'erase', '--session', 'k')).toMatchObject({ code: 2, err: expect.stringContaining('--yes') });
  const { sessionId } = (await json('erase', '--session', 'k', '--yes')) as { sessionId: string };
  expect((await run('retention', 'erase', '--id', sessionId, '--yes')).out).toContain('was deleted already');
  expect((await run('retention', 'release', '--session', 'k')).code).toBe(1);
  expect(await sql(database, 'SELECT FROM sessions')).toEqual([]);
});

it('reports the storage', async () => {
  expect((await run('retention', 'report')).out).toMatch(
    /part +size +growth per day[\s\S]+sessions +\d+ kB[\s\S]+Limit: 50\.0 MB \(HANDOFF_STORAGE_LIMIT_BYTES\)\./,
  );
  expect(await json('report')).toMatchObject({ limitBytes: 50_000_000, nearLimit: false });
});

describe('a command line that cannot be understood', () => {
  it.each([
    [['retention'], 'An action is required'],
    [['retention', 'lsit'], 'Unknown action: lsit'],
    [['retention', 'constructor'], 'Unknown action: constructor'],
    [['retention', 'assign', '--policy', 'x'], 'Name one session'],
    [['retention', 'set'], '--policy is required'],
    [['retention', 'set', '--policy', 'x', '--log-days', 'many'], '--log-days must be a number'],
    [['retention', 'list', '--verbose'], 'verbose'],
  ])('%j says what is missing', async (args, problem) => {
    expect(await run(...args)).toMatchObject({ code: 2, err: expect.stringContaining(problem) });
  });
});
