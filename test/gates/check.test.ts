import { expect, it } from 'vitest';
import { createMiniProject } from './miniProject.js';

const gates = ['format', 'lint', 'typecheck', 'depcruise', 'knip', 'migrations', 'build', 'package-shape', 'docs:api'];

it('runs every gate, times each, goes on after a failure and fails in the end', { timeout: 60_000 }, async () => {
  const quiet = Object.fromEntries(gates.map((gate) => [gate, `node -e "console.log('${gate} speaks')"`]));
  const check = 'node tools/check.ts';
  const passing = await createMiniProject({}, { scripts: { ...quiet, check } });
  const passed = await passing.npmRun('check');
  expect([...passed.output.matchAll(/^ok +(\S+) +\d+\.\d s$/gm)].map(([, gate]) => gate)).toEqual(gates);
  expect(passed.output).not.toContain('speaks');
  expect(passed.exitCode).toBe(0);

  const failing = await createMiniProject({}, { scripts: { ...quiet, check, lint: `${quiet.lint} && exit 3` } });
  const failed = await failing.npmRun('check');
  expect(failed.output).toMatch(/^FAILED lint +\d+\.\d s\nlint speaks$/m);
  expect(failed.output).toMatch(/^ok +package-shape/m);
  expect(failed.output).toContain('1 gate(s) failed: lint');
  expect(failed.exitCode).toBe(1);
});
