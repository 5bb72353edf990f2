import { expect, it } from 'vitest';
import { loadPgPatcher } from '../../../../../src/instrumentation/libraries/pg/pgInstrumentation.js';

const methods = () => ({ query: () => 'query', connect: () => 'connect', end: () => 'end' });
const wrappers = new Map(['query', 'connect', 'end'].map((name) => [name, () => `our ${name}`]));
const answers = (prototype: ReturnType<typeof methods>): string[] => [prototype.query(), prototype.connect(), prototype.end()];

it('has instrumentation-pg put our wrappers on, and nothing of its own', () => {
  const [client, pool] = [methods(), methods()];
  const patcher = loadPgPatcher();
  patcher.client(client, wrappers);
  patcher.pool(pool, wrappers);
  expect(answers(client)).toEqual(['our query', 'our connect', 'end']);
  expect(answers(pool)).toEqual(['query', 'our connect', 'our end']);
});

it('calls through where there is no wrapper, and marks no original', () => {
  const pool = methods();
  const { end } = pool;
  loadPgPatcher().pool(pool, new Map());
  expect(answers(pool)).toEqual(['query', 'connect', 'end']);
  expect(Object.keys(Object.getOwnPropertyDescriptors(end))).toEqual(['length', 'name']);
});
