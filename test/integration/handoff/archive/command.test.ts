import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { main } from '../../../../src/handoff/cli/main.js';
import { archiveFixture } from './archiveFixture.js';
import type { ArchiveFixture } from './archiveFixture.js';

// `handoff-otel archive`, as an operator uses it.

let fixture: ArchiveFixture;
let env: Record<string, string>;
const ids = new Map<string, string>();
beforeAll(async () => {
  fixture = await archiveFixture();
  const url = (fixture.database.pool.options as { connectionString?: string }).connectionString ?? '';
  env = { DATABASE_URL: url, HANDOFF_ARCHIVE_DIR: fixture.folder };
  for (const key of ['one', 'two', 'three']) {
    const id = await fixture.endedSession(key);
    ids.set(key, id);
    await fixture.archive.archive(id);
  }
  ids.set('hot', await fixture.endedSession('hot'));
});
afterAll(() => fixture.dispose());

async function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let [out, err] = ['', ''];
  const code = await main(['archive', ...args], env, { out: (text) => void (out += text), err: (text) => void (err += text) });
  return { code, out, err };
}
const jsonLines = (text: string): unknown[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);

it('lists what is in the archive, page by page', async () => {
  const whole = await run('list');
  expect(whole).toMatchObject({ code: 0, err: '' });
  for (const key of ['one', 'two', 'three']) expect(whole.out).toContain(key);
  expect(whole.out).not.toContain('hot');

  const seen: string[] = [];
  for (let args: string[] = []; ; ) {
    const { code, out, err } = await run('list', '--limit', '2', '--json', ...args);
    expect(code).toBe(0);
    seen.push(...(jsonLines(out) as { session_key: string }[]).map(({ session_key: key }) => key));
    const [, after] = /--after (\S+)/.exec(err) ?? [];
    if (after === undefined) break;
    args = ['--after', after];
  }
  expect(seen.sort()).toEqual(['one', 'three', 'two']);
});

it('verifies sessions by key or id, and all of them', async () => {
  expect(await run('verify', 'one', ids.get('two') ?? '')).toMatchObject({ code: 0, err: expect.stringContaining('2 intact') as string });
  expect(jsonLines((await run('verify', '--json', 'one')).out)).toEqual([
    { sessionId: ids.get('one'), sessionKey: 'one', result: 'intact', entries: 3, storedBytes: expect.any(Number) as number },
  ]);
  expect(await run('verify', '--all')).toEqual({
    code: 0,
    out: '',
    err: expect.stringMatching(/^3 intact \(.*\), 0 damaged\.\n$/) as string,
  });
  expect(await run('verify', 'nobody')).toMatchObject({ code: 1, err: expect.stringContaining('There is no session nobody') as string });
});

it('exports the lines of a session, into a file that does not exist yet', async () => {
  const { code, out, err } = await run('export', 'one');
  expect(code).toBe(0);
  expect(err).toMatch(/^one: \d+ lines/);
  expect(jsonLines(out).map((line) => Object.keys(line as object)[0])).toEqual(
    expect.arrayContaining(['archive', 'session', 'entry', 'handoff', 'event', 'end']),
  );
  const file = join(fixture.folder, 'one.jsonl');
  expect(await run('export', 'one', '--out', file)).toMatchObject({ code: 0, out: '' });
  expect(readFileSync(file, 'utf8')).toBe(out);
  expect(await run('export', 'one', '--out', file)).toMatchObject({
    code: 2,
    err: expect.stringContaining('exists already') as string,
  });
  expect(await run('export', 'hot')).toMatchObject({ code: 1, err: expect.stringContaining('no object') as string });
});

it('waits for whoever reads its output: a large session is never in memory whole', async () => {
  let held = 0;
  let most = 0;
  const out = (): void => void (most = Math.max(most, (held += 1)));
  const caughtUp = async (): Promise<void> => void (held = 0);
  expect(await main(['archive', 'export', 'one'], env, { out, err: () => undefined, caughtUp })).toBe(0);
  expect(most).toBe(1);
});

it('leaves no file behind, not even part of one, when it cannot export all that was named', async () => {
  const files = (): readonly string[] => readdirSync(fixture.folder).filter((name) => name.includes('some.jsonl'));
  const file = join(fixture.folder, 'some.jsonl');
  expect(await run('export', 'one', 'hot', 'nobody', '--out', file)).toMatchObject({
    code: 1,
    err: expect.stringContaining(`${file} was not written`) as string,
  });
  expect(files()).toEqual([]);
  const [row] = await fixture.sql<{ object_key: string }>('SELECT object_key FROM session_archives WHERE session_id = $1', [
    ids.get('three'),
  ]);
  const object = join(fixture.folder, row?.object_key ?? '');
  renameSync(object, `${object}.away`);
  expect(await run('export', 'one', 'three', '--out', file)).toMatchObject({
    code: 1,
    err: expect.stringContaining('is missing') as string,
  });
  renameSync(`${object}.away`, object);
  expect(files()).toEqual([]);
  expect(await run('export', 'one', 'three', '--out', file)).toMatchObject({ code: 0 });
  expect([files(), statSync(file).mode & 0o777]).toEqual([['some.jsonl'], 0o600]);
});

it('restores a session, once', async () => {
  expect(await run('restore', 'two')).toMatchObject({ code: 0, out: 'restored two: completed, 3 entries\n' });
  expect(await fixture.rowsOf(ids.get('two') ?? '')).toHaveLength(4);
  expect(await run('restore', 'two', 'hot')).toMatchObject({
    code: 1,
    out: 'skipped  two: it is not archived\nskipped  hot: it is not archived\n',
  });
});

it('says which object is damaged, and exits with 1', async () => {
  const [row] = await fixture.sql<{ object_key: string }>('SELECT object_key FROM session_archives WHERE session_id = $1', [
    ids.get('three'),
  ]);
  rmSync(join(fixture.folder, row?.object_key ?? ''));
  const { code, out, err } = await run('verify', '--all', '--json');
  expect([code, err]).toEqual([1, expect.stringContaining('1 damaged')]);
  expect(jsonLines(out)).toEqual([expect.objectContaining({ sessionKey: 'three', code: 'HANDOFF_ARCHIVE_MISSING' })]);
  expect(await run('restore', 'three')).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^failed {3}three: .* is missing from/) as string,
  });
  expect(existsSync(fixture.folder)).toBe(true);
});

it('goes on with the others when one object cannot be read, and says so', async () => {
  for (const key of ['four', 'five']) {
    ids.set(key, await fixture.endedSession(key));
    await fixture.archive.archive(ids.get(key) ?? '');
  }
  const [row] = await fixture.sql<{ object_key: string }>('SELECT object_key FROM session_archives WHERE session_id = $1', [
    ids.get('four'),
  ]);
  const object = join(fixture.folder, row?.object_key ?? '');
  rmSync(object);
  // As where the disk has a fault: opening it succeeds, and reading does not.
  mkdirSync(object);
  await fixture.sql('UPDATE session_archives SET stored_bytes = $2 WHERE session_id = $1', [ids.get('four'), statSync(object).size]);
  const { code, out, err } = await run('verify', '--all', '--json');
  expect([code, err]).toEqual([1, expect.stringMatching(/^2 intact \(.*\), 1 damaged, 1 could not be read\.\n$/)]);
  expect(jsonLines(out)).toContainEqual(
    expect.objectContaining({
      sessionKey: 'four',
      result: 'failed',
      code: 'HANDOFF_ARCHIVE_STORE',
      message: expect.stringContaining('EISDIR'),
    }),
  );
  expect(await run('restore', 'four', 'five')).toMatchObject({
    code: 1,
    out: expect.stringMatching(/^failed {3}four: .*\nrestored five: completed, 3 entries\n$/) as string,
  });
});

it('stops when every object fails, and says from where to go on', async () => {
  const many = await Promise.all(Array.from({ length: 12 }, (_, at) => fixture.endedSession(`many ${at}`)));
  for (const id of many) await fixture.archive.archive(id);
  const { folder } = fixture;
  renameSync(folder, `${folder}.away`);
  writeFileSync(folder, '');
  const { code, out, err } = await run('verify', '--all', '--json');
  rmSync(folder);
  renameSync(`${folder}.away`, folder);
  expect([code, jsonLines(out).length]).toEqual([1, 10]);
  expect(err).toContain(
    'Stopped, because the archive cannot be read. When it is available again, continue with: handoff-otel archive verify --all\n',
  );
});

it('takes a text for the id of a session before it takes it for the key of another, and shows no key as it is', async () => {
  const victim = await fixture.endedSession('victim \u001b[2J\u009b');
  await fixture.archive.archive(victim);
  const imposter = await fixture.endedSession(victim);
  await fixture.archive.archive(imposter);
  expect(jsonLines((await run('verify', '--json', victim)).out)).toEqual([expect.objectContaining({ sessionId: victim })]);
  const { out, err } = await run('verify', victim, '\u001b]0;x');
  expect(out).toMatch(/^intact {3}victim �\[2J�: 3 entries/);
  expect(err).not.toContain('\u001b');
});

it('is not the only command that knows the archive: `retention erase` deletes the object of its session', async () => {
  const streams = { out: () => undefined, err: () => undefined };
  expect(fixture.objects().filter((name) => name.startsWith(ids.get('one') ?? 'none'))).toHaveLength(1);
  expect(await main(['retention', 'erase', '--session', 'one', '--yes'], env, streams)).toBe(0);
  expect(fixture.objects().filter((name) => name.startsWith(ids.get('one') ?? 'none'))).toEqual([]);
});

it('`retention erase` says when an object may be left, and how to see later whether it is gone', async () => {
  const id = await fixture.endedSession('left');
  await fixture.archive.archive(id);
  const erase = async (...args: string[]): Promise<string> => {
    let out = '';
    await main(['retention', 'erase', ...args, '--yes'], env, { out: (text) => void (out += text), err: () => undefined });
    return out;
  };
  renameSync(fixture.folder, `${fixture.folder}.away`);
  writeFileSync(fixture.folder, '');
  expect(await erase('--session', 'left')).toContain(`is erased, but an object of it may be left in the archive`);
  rmSync(fixture.folder);
  renameSync(`${fixture.folder}.away`, fixture.folder);
  expect(await erase('--id', id)).toMatch(/was deleted already, at [^ ]+\.\n$/);
  expect(fixture.objects().filter((name) => name.startsWith(id))).toEqual([]);
});

it.each([
  [[], 'An action is required'],
  [['burn'], 'Unknown action: burn'],
  [['list', 'one'], 'Unexpected argument: one'],
  [['list', '--limit', '0'], '--limit must be a whole number from 1 to 10000'],
  [['list', '--after', 'one'], '--after must be the id of a session'],
  [['verify'], 'Name at least one session'],
  [['restore', '--all'], 'Name at least one session'],
  [['restore', '--all', 'one'], '--all can only be used with verify'],
  [['verify', '--out', 'x', 'one'], '--out can only be used with export'],
  [['list', '--colour'], 'Unknown option'],
])('refuses %j', async (args, problem) => {
  expect(await run(...args)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(problem) as string });
});
