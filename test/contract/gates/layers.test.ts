import { expect, it } from 'vitest';
import { createMiniProject } from './miniProject.js';

// A literal copy of the layer table, on purpose: whoever moves a folder changes the architecture and says so here too.
const layerOf: Readonly<Record<string, number>> = {
  errors: 0,
  time: 0,
  config: 1,
  telemetry: 1,
  logging: 1,
  storage: 2,
  providers: 2,
  testing: 2,
  lifecycle: 3,
  monitoring: 3,
  analytics: 3,
  mcp: 4,
  server: 5,
  cli: 6,
};
const folders = Object.keys(layerOf);

/** The layer rule that importing `to` from `from` breaks, if any. */
function brokenRule(from: string, to: string): string | undefined {
  const [low, high] = [layerOf[from] ?? NaN, layerOf[to] ?? NaN];
  if (high > low) return `layer-upward-${from}`;
  return high === low ? `layer-sideways-${from}` : undefined;
}

/** `error rule: from → to` of every violation in dependency-cruiser's report, sorted. */
function violations(output: string, rule: RegExp): string[] {
  return [...output.matchAll(/^ {2}error (\S+): (\S+)(?: → (\S+))?/gm)]
    .filter(([, name = '']) => rule.test(name))
    .map(([, name = '', from = '', to = '']) => `${name}: ${from} → ${to}`)
    .sort();
}

it('allows every import downwards and no other, between any two folders', { timeout: 60_000 }, async () => {
  const pairs = folders.flatMap((from) => folders.filter((to) => to !== from).map((to) => ({ from, to })));
  const project = await createMiniProject({
    ...Object.fromEntries(folders.map((folder) => [`src/${folder}/leaf.ts`, 'export const leaf = 1;\n'])),
    ...Object.fromEntries(
      pairs.map(({ from, to }) => [`src/${from}/to_${to}.ts`, `import { leaf } from '../${to}/leaf.js';\nvoid leaf;\n`]),
    ),
  });
  const { exitCode, output } = await project.npmRun('depcruise');
  const expected = pairs.flatMap(({ from, to }) => {
    const rule = brokenRule(from, to);
    return rule === undefined ? [] : [`${rule}: src/${from}/to_${to}.ts → src/${to}/leaf.ts`];
  });
  expect(violations(output, /^layer-/)).toEqual(expected.sort());
  expect(exitCode).toBe(1);
});

it('counts type imports, lazy imports and re-exports as imports', { timeout: 60_000 }, async () => {
  const project = await createMiniProject({
    'src/config/leaf.ts': 'export interface Leaf {\n  x: 1;\n}\nexport const leaf = 1;\n',
    'src/errors/lazy.ts': "export const load = () => import('../config/leaf.js');\n",
    'src/errors/reExported.ts': "export { leaf } from '../config/leaf.js';\n",
    'src/errors/type.ts': "import type { Leaf } from '../config/leaf.js';\nexport type L = Leaf;\n",
    'src/errors/typeQuery.ts': "export type L = import('../config/leaf.js').Leaf;\n",
  });
  expect(violations((await project.npmRun('depcruise')).output, /./)).toEqual(
    ['lazy', 'reExported', 'type', 'typeQuery'].map((file) => `layer-upward-errors: src/errors/${file}.ts → src/config/leaf.ts`),
  );
});
