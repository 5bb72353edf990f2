import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { main } from '../../../../src/handoff/cli/main.js';
import { writeNewFile } from '../../../../src/handoff/cli/newFile.js';
import { UsageError } from '../../../../src/handoff/cli/usageError.js';
import { analyticsUsages, archiveUsages, retentionUsages } from '../../../../src/handoff/cli/usages.js';

async function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const written = { out: '', err: '' };
  const streams = { out: (text: string) => void (written.out += text), err: (text: string) => void (written.err += text) };
  return { code: await main(args, { PATH: process.env['PATH'] }, streams), ...written };
}

it('the list of commands fits a terminal, and names them all', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  const names = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
  expect(names.join(' ')).toBe('watch serve demo health doctor migrate retention archive analytics report dashboards');
});

it.each([
  ['retention', Object.values(retentionUsages)],
  ['archive', Object.values(archiveUsages)],
  ['analytics', Object.values(analyticsUsages)],
])('%s --help shows each action with its options', async (command, usages) => {
  const { code, out } = await run(command, '--help');
  expect([code, out.split('\n').slice(0, usages.length)]).toEqual([
    0,
    usages.map((usage, index) => `${index === 0 ? 'Usage:' : '      '} handoff-otel ${usage}`),
  ]);
});

it('the help of a command says what each of its options and words means', async () => {
  const { out: list } = await run('--help');
  const commands = [...list.matchAll(/^ {2}([a-z]+) /gm)].map(([, name = '']) => name);
  for (const command of commands) {
    const [, usage = '', notes = ''] = /^((?:.+\n)+)\n(?:.+\n)+\n?([^]*)$/.exec((await run(command, '--help')).out) ?? [];
    expect([command, Math.max(...notes.split('\n').map((line) => line.length)) <= 100]).toEqual([command, true]);
    const explained = [...notes.matchAll(/^ {2}(\S+)/gm)].map(([, name]) => name);
    const options = new Set(usage.match(/--[a-z-]+/g));
    expect([command, explained.filter((name) => name?.startsWith('--') === true && name !== '--').sort()]).toEqual([
      command,
      [...options].sort(),
    ]);
    for (const word of explained) expect(usage).toContain(word);
  }
  expect((await run('report', '--help')).out).toContain('2026-05-01T12:00:00Z');
});

it.each([
  ['wach', 'Unknown command: wach. Did you mean watch?'],
  ['Doctor', 'Unknown command: Doctor. Did you mean doctor?'],
  ['--sdtio', 'Unknown command: --sdtio'],
  ['x', 'Unknown command: x'],
  ['\u001b[2J', 'Unknown command: \ufffd[2J'],
])('%j is no command, and the nearest is named', async (word, says) => {
  const { code, out, err } = await run(word);
  expect([code, out, err.split('\n')[0]]).toEqual([2, '', says]);
});

it.each([
  [['watch'], 'handoff-otel watch: Name the program to watch'],
  [['watch', '--verbose', 'node', 'x.js'], "handoff-otel watch: Unknown option '--verbose'"],
  [['demo', '--otlp-endpoint', 'localhost:4318'], 'handoff-otel demo: --otlp-endpoint must be the address of a collector'],
  [['archive'], 'handoff-otel archive: An action is required.'],
  [['analytics', 'rebuild'], 'handoff-otel analytics: --from is required'],
])('%j is refused with what is right', async (args, says) => {
  const { code, err } = await run(...args);
  expect([code, err]).toEqual([2, expect.stringContaining(says)]);
});

it.each([
  ['server.js', 'Write: handoff-otel watch node server.js'],
  ['no-such-program', 'there is no such program (ENOENT)'],
])('a program that cannot be started, %s, is answered with what to write', async (program, says) => {
  const { code, err } = await run('watch', program);
  expect([code, err]).toEqual([1, expect.stringContaining(says)]);
});

it('a file in a folder that does not exist is a wrong command line, and names what was asked for', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'handoff-new-file-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'file'), '');
  for (const path of [join(folder, 'none', 'r.html'), join(folder, 'file', 'r.html')]) {
    const made = writeNewFile(path, 'report', async () => true);
    await expect(made).rejects.toBeInstanceOf(UsageError);
    await expect(made).rejects.toThrow(`${path} cannot be written (`);
  }
  expect(await readdir(folder)).toEqual(['file']);
});
