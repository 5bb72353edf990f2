import { expect, it } from 'vitest';
import { databasePartVariables, logLevelVariables } from '../../../src/variables/earlierVariables.js';
import { handoffVariables } from '../../../src/variables/handoffVariables.js';
import { readAll, reader } from '../../../src/variables/reader.js';
import type { Variable } from '../../../src/variables/variable.js';

const all: Readonly<Record<string, Variable<unknown, unknown>>> = { ...handoffVariables, ...databasePartVariables, ...logLevelVariables };
const failOn = (problem: unknown): never => {
  throw new Error(JSON.stringify(problem));
};

it('says of every variable what it may be, what it is by default and what it is for, in whole sentences', () => {
  for (const [name, { allowed, defaultText, doc }] of Object.entries(all)) {
    expect(allowed, name).toMatch(/./);
    expect(defaultText, name).toMatch(/./);
    expect(doc, name).toMatch(/^[A-Z`0].*\.$/s);
  }
});

it('gives durations, sizes and ports a unit that the name ends in', () => {
  const units: Record<string, string> = { MS: 'ms', BYTES: 'bytes', HOURS: 'hours', ENTRIES: 'entries', PORT: 'port' };
  for (const [name, { unit }] of Object.entries(all)) {
    const suffix = name.split('_').at(-1) ?? '';
    if (suffix in units) expect(unit, name).toBe(units[suffix]);
  }
});

it('has defaults that it would accept', () => {
  for (const [name, variable] of Object.entries(all)) {
    if (variable.default === undefined) continue;
    const { given } = reader({ [name]: variable }, { [name]: variable.defaultText.replaceAll('`', '') }, failOn);
    expect(given(name), name).toEqual(variable.default);
  }
  expect(readAll(handoffVariables, {}, failOn)).toMatchObject({ HANDOFF_PG_POOL_SIZE: 10, HANDOFF_MCP_MODE: 'full', REDIS_URL: undefined });
});
