import { expect, it } from 'vitest';
import { createMiniProject } from './miniProject.js';

// A literal copy of the layer table, on purpose: whoever moves a folder changes the architecture and says so here too.
const layerOf: Readonly<Record<string, number>> = {
  errors: 0,
  time: 0,
  values: 0,
  telemetry: 1,
  variables: 1,
  logging: 2,
  testing: 3,
  'handoff/config': 3,
  'handoff/storage': 3,
  'handoff/resilience': 3,
  'handoff/sessions': 4,
  'handoff/jobs': 4,
  'handoff/lifecycle': 5,
  'handoff/monitoring': 5,
  'handoff/analytics': 5,
  'handoff/server': 7,
  'handoff/cli': 8,
};

/** The same within the first wing, which is one unit of the table above. */
const instrumentationLayerOf: Readonly<Record<string, number>> = {
  'instrumentation/loading': 1,
  'instrumentation/patching': 0,
  'instrumentation/diagnostics': 0,
  'instrumentation/settings': 2,
  'instrumentation/sdk': 3,
  'instrumentation/exemplars': 4,
  'instrumentation/pipeline': 5,
  'instrumentation/prometheus': 5,
  'instrumentation/exit': 6,
  'instrumentation/logs': 6,
  'instrumentation/libraries': 7,
  'instrumentation/mcp': 7,
  'instrumentation/status': 8,
};
const INSTRUMENTATION_LAYER = 3;
const folders = [...Object.keys(layerOf), ...Object.keys(instrumentationLayerOf)];

/** The layer rule that importing `to` from `from` breaks, if any. */
function brokenRule(from: string, to: string): string | undefined {
  const [lowWithin, highWithin] = [instrumentationLayerOf[from], instrumentationLayerOf[to]];
  if (lowWithin !== undefined && highWithin !== undefined) return brokenBy(from, lowWithin, highWithin);
  return brokenBy(
    lowWithin === undefined ? from : 'instrumentation',
    layerOf[from] ?? INSTRUMENTATION_LAYER,
    layerOf[to] ?? INSTRUMENTATION_LAYER,
  );
}

function brokenBy(from: string, low: number, high: number): string | undefined {
  const name = from.replace('/', '-');
  if (high > low) return `layer-upward-${name}`;
  return high === low ? `layer-sideways-${name}` : undefined;
}

const fileOf = (from: string, to: string): string => `src/${from}/to_${to.replace('/', '_')}.ts`;

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
      pairs.map(({ from, to }) => [
        fileOf(from, to),
        `import { leaf } from '${'../'.repeat(from.split('/').length)}${to}/leaf.js';\nvoid leaf;\n`,
      ]),
    ),
  });
  const { exitCode, output } = await project.npmRun('depcruise');
  const expected = pairs.flatMap(({ from, to }) => {
    const rule = brokenRule(from, to);
    return rule === undefined ? [] : [`${rule}: ${fileOf(from, to)} → src/${to}/leaf.ts`];
  });
  expect(violations(output, /^layer-/)).toEqual(expected.sort());
  expect(exitCode).toBe(1);
});

it('counts type imports, lazy imports and re-exports as imports', { timeout: 60_000 }, async () => {
  const project = await createMiniProject({
    'src/handoff/config/leaf.ts': 'export interface Leaf {\n  x: 1;\n}\nexport const leaf = 1;\n',
    'src/errors/lazy.ts': "export const load = () => import('../handoff/config/leaf.js');\n",
    'src/errors/reExported.ts': "export { leaf } from '../handoff/config/leaf.js';\n",
    'src/errors/type.ts': "import type { Leaf } from '../handoff/config/leaf.js';\nexport type L = Leaf;\n",
    'src/errors/typeQuery.ts': "export type L = import('../handoff/config/leaf.js').Leaf;\n",
  });
  expect(violations((await project.npmRun('depcruise')).output, /./)).toEqual(
    ['lazy', 'reExported', 'type', 'typeQuery'].map((file) => `layer-upward-errors: src/errors/${file}.ts → src/handoff/config/leaf.ts`),
  );
});
