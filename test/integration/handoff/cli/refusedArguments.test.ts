import { mkdtemp, readdir, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { main } from '../../../../src/handoff/cli/main.js';

/** Commands judge their arguments before they open anything: with no DATABASE_URL, opening the database would make one. */

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'handoff-refused-'));
});
afterAll(() => rm(folder, { recursive: true }));

const none = '00000000-0000-4000-8000-000000000000';

it.each([
  [2, 'report sessions --from yesterday', '--from is not a time'],
  [2, 'report sessions --from 2026-05-02 --to 2026-05-01', '--to is not after the beginning of the range'],
  [2, 'report sessions --from 2010-01-01', '--from makes the range too long'],
  [2, 'report --from 2021-12-01 --to 2026-11-01 --granularity hour', '--granularity is too small for the range'],
  [2, 'report sessions --time-zone Mars', '--time-zone is not a time zone'],
  [2, 'report recommendations --from 2026-01-01', '--from does not go with recommendations'],
  [2, 'report --html /nowhere/report.html', '/nowhere/report.html cannot be written (ENOENT)'],
  [2, 'archive export k --out /nowhere/k.jsonl', '/nowhere/k.jsonl cannot be written (ENOENT)'],
  [2, 'demo --ledger /nowhere/ledger.json', '--ledger /nowhere/ledger.json cannot be written (ENOENT)'],
  [1, 'retention set --policy p --active-hours=-1', '--active-hours'],
  [1, 'retention rules --add p', 'the rule has no condition'],
  [1, 'retention rules --add p --request-type nonsense', '--request-type is not a kind of handoff'],
  [2, 'retention rules --agent a', '--agent can only be used with --add'],
  [2, 'retention rules --remove first', '--remove must be the number of a rule'],
  [2, 'retention assign --id abc --policy p', '--id must be the id of a session'],
  [2, 'retention erase --id abc --yes', '--id must be the id of a session'],
  [2, 'retention hold --list --session k --reason audit', '--list places no hold'],
  [1, `retention hold --id ${none} --reason LONG`, '--reason is blank, too long'],
  [1, `retention release --id ${none} --by LONG`, '--by is blank, too long'],
])('exits with %d and opens nothing for: %s', async (code, command, problem) => {
  const written = { out: '', err: '' };
  const streams = { out: (text: string) => void (written.out += text), err: (text: string) => void (written.err += text) };
  expect(await main(command.replace('LONG', 'x'.repeat(2001)).split(' '), { HANDOFF_DATA_DIR: join(folder, 'data') }, streams)).toBe(code);
  expect(written.err).toContain(problem);
  expect(written.out).toBe('');
  expect(await readdir(folder)).toEqual([]);
});

it('leaves no ledger behind where the demo then fails, and a link to one as it was', async () => {
  const link = join(folder, 'link.json');
  await symlink('ledger.json', link);
  vi.stubEnv('TMPDIR', join(folder, 'missing'));
  try {
    for (const name of ['ledger.json', 'link.json'])
      expect(await main(['demo', '--ledger', join(folder, name)], {}, { out: () => undefined, err: () => undefined })).toBe(1);
    expect(await readdir(folder)).toEqual(['link.json']);
    expect(await readlink(link)).toBe('ledger.json');
  } finally {
    vi.unstubAllEnvs();
    await rm(link, { force: true });
  }
});
