import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allChecks } from '../../../src/handoff/cli/doctor/allChecks.js';
import { DOCTOR_USAGE } from '../../../src/handoff/cli/usages.js';

const page = readFileSync('docs/doctor.md', 'utf8');

it('docs/doctor.md has a row for every check, in order', () => {
  const rows = page.split('\n').filter((line) => /^\| `[a-z_]+\.[a-z_]+` \|/u.test(line));
  expect(rows).toEqual(allChecks.map(({ name, looksWhether }) => `| \`${name}\` | ${looksWhether} |`));
});

it('it names every option of the command', () => {
  const options = (text: string): string[] => [...new Set(text.match(/--[a-z][a-z-]*/gu))].toSorted();
  expect(options(page).filter((option) => option !== '--import' && option !== '--require')).toEqual(options(DOCTOR_USAGE));
});

it('no two checks have the same name', () => {
  expect(new Set(allChecks.map(({ name }) => name)).size).toBe(allChecks.length);
});
