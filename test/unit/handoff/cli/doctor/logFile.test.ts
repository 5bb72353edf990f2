import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { logFileCheck } from '../../../../../src/handoff/cli/doctor/checks/logFile.js';
import { Examination } from '../../../../../src/handoff/cli/doctor/examination/examination.js';
import type { Finding } from '../../../../../src/handoff/cli/doctor/examination/finding.js';
import { readSettings } from '../../../../../src/handoff/cli/doctor/examination/readSettings.js';

const options = {
  stdio: true,
  replicas: undefined,
  probeArchive: false,
  tempoUrl: undefined,
  prometheusUrl: undefined,
  lokiUrl: undefined,
};

let folder: string;
beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'handoff-doctor-')));
  writeFileSync(join(folder, 'server.log'), '');
});
afterAll(() => rmSync(folder, { recursive: true }));

async function look(file: string | undefined, check = logFileCheck()): Promise<Finding | undefined> {
  const env = { HOME: '/nonexistent', ...(file === undefined ? {} : { HANDOFF_LOG_FILE: file }) };
  const [finding] = await check.run(new Examination(readSettings(env), options, folder));
  return finding;
}

it('the log file may be one that is there, or one that the server makes, seen from where it runs', async () => {
  expect(await look(undefined)).toEqual({ verdict: 'fine', says: 'The log goes to stderr.' });
  for (const name of ['server.log', 'new.log', 'new/server-%p.log'])
    expect(await look(name)).toEqual({
      verdict: 'fine',
      says: `The log goes to ${join(folder, name).replace('%p', String(process.pid))}.`,
    });
});

it('a log file that the server refuses, or that can never be made, is a failure', async () => {
  expect(await look('.')).toMatchObject({ verdict: 'failure', remedy: expect.stringContaining('a regular file') });
  expect(await look('server.log/server.log')).toMatchObject({ verdict: 'failure', says: expect.stringContaining('ENOTDIR') });
});

it('a log file that this user may write, in a folder that this user may not, is a warning', async () => {
  const check = logFileCheck((path) => Promise.resolve(path === folder ? { path, code: 'EACCES' } : undefined));
  expect(await look('server.log', check)).toMatchObject({ verdict: 'warning', says: expect.stringContaining('cannot be rotated') });
});

it('a log file behind a link is written and rotated where the link leads, also before it is made, and looked at there', async () => {
  const target = join(folder, 'elsewhere');
  mkdirSync(target);
  symlinkSync(join('elsewhere', 'linked.log'), join(folder, 'linked.log'));
  const notIn = (denied: string) => logFileCheck((path) => Promise.resolve(path === denied ? { path, code: 'EACCES' } : undefined));
  for (const isMade of [false, true]) {
    if (isMade) writeFileSync(join(target, 'linked.log'), '');
    expect(await look('linked.log', notIn(folder))).toEqual({ verdict: 'fine', says: `The log goes to ${join(folder, 'linked.log')}.` });
    expect(await look('linked.log', notIn(target))).toMatchObject({
      verdict: 'warning',
      says: expect.stringContaining(`${target} (EACCES), so that the log file cannot be rotated`),
    });
    expect(await look('linked.log', notIn(join(target, 'linked.log')))).toMatchObject({ verdict: 'failure' });
  }
});
