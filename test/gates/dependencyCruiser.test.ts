import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { createMiniProject } from './miniProject.js';

const clean = {
  'src/errors/leaf.ts': 'export const leaf = 1;\n',
  'src/instrumentation/start.ts': "import { leaf } from '../errors/leaf.js';\nexport const start = () => leaf;\n",
  'src/testing/kit.ts': "export { leaf as kit } from '../errors/leaf.js';\n",
  'src/instrumentation/instrument.ts': "export { start as instrument } from './start.js';\n",
  'src/handoff/services.ts': "export { leaf as services } from '../errors/leaf.js';\n",
  'src/services.ts': "export { services } from './handoff/services.js';\n",
  'src/index.ts': "export { instrument } from './instrumentation/instrument.js';\n",
  'src/register.ts': "import { instrument } from './instrumentation/instrument.js';\ninstrument();\n",
  'src/testing.ts': "export { kit } from './testing/kit.js';\n",
  'src/handoff/cli/main.ts':
    "import { services } from '../services.js';\nimport { kit } from '../../testing/kit.js';\nvoid [services, kit];\n",
  'src/cli.ts': "await import('./handoff/cli/main.js');\n",
};

/** Files that each break one rule, besides the layer rules, which have a test of their own. */
const planted = {
  'src/instrumentation/mcp/one.ts': "export { two as one } from './two.js';\n",
  'src/instrumentation/mcp/two.ts': "export { one as two } from './one.js';\n",
  'src/errors/orphan.ts': 'export const orphan = 1;\n',
  'src/utils/text.ts': 'export const text = 1;\n',
  'src/helper.ts': "export { leaf as helper } from './errors/leaf.js';\n",
  'src/instrumentation/helpers/text.ts': "export { leaf as text } from '../../errors/leaf.js';\n",
  'src/handoff/server/tools.ts': "export { text as tool } from '../../utils/text.js';\n",
  'src/handoff/cli/again.ts': "import '../../register.js';\n",
  'src/instrumentation/instrument.ts': "export { services as instrument } from '../handoff/services.js';\n",
  'src/handoff/sessions/sweep.ts': "export { kit } from '../../testing/kit.js';\n",
  'src/handoff/sessions/outside.ts': "export { expected } from '../../../test/expected.js';\n",
  'test/expected.ts': 'export const expected = 1;\n',
  'src/handoff/sessions/devTool.ts': "export { publint } from 'publint';\n",
  'src/handoff/sessions/undeclared.ts': "export { satisfies } from 'semver';\n",
  'src/handoff/sessions/missing.ts': "export { gone } from './gone.js';\nexport { leaf } from '../../errors/leaf.js';\n",
  'src/handoff/storage/traced.ts': "export { instrument } from '../../instrumentation/instrument.js';\n",
};

it('passes a project that keeps the rules', { timeout: 60_000 }, async () => {
  // Optional packages are peers for users and devDependencies for us.
  const peer = {
    'src/instrumentation/peer.ts': "import { leaf } from '../errors/leaf.js';\nexport const load = () => [leaf, import('publint')];\n",
  };
  const project = await createMiniProject({ ...clean, ...peer }, { peerDependencies: { publint: '*' } });
  const { exitCode, output } = await project.npmRun('depcruise');
  expect(output).toMatch(/no dependency violations found \(13 modules/);
  expect(exitCode).toBe(0);
});

it('fails each planted violation by its rule', { timeout: 60_000 }, async () => {
  const project = await createMiniProject({ ...clean, ...planted });
  const { exitCode, output } = await project.npmRun('depcruise');
  const found = [...output.matchAll(/^ {2}error (\S+): (\S+)/gm)].map(([, rule = '', file = '']) => `${rule}: ${file}`);
  expect([...new Set(found)].sort()).toEqual([
    'entry-points-are-last: src/handoff/cli/again.ts',
    'handoff-stands-alone: src/handoff/storage/traced.ts',
    'instrument-stands-alone: src/index.ts',
    'instrument-stands-alone: src/instrumentation/instrument.ts',
    'instrument-stands-alone: src/register.ts',
    'layer-sideways-handoff-storage: src/handoff/storage/traced.ts',
    'layer-unplaced: src/handoff/server/tools.ts',
    'layer-unplaced: src/helper.ts',
    'layer-unplaced: src/instrumentation/helpers/text.ts',
    'layer-upward-instrumentation: src/instrumentation/instrument.ts',
    'no-circular: src/instrumentation/mcp/one.ts',
    'no-circular: src/instrumentation/mcp/two.ts',
    'no-folder-loops: src/handoff',
    'no-folder-loops: src/register.ts',
    'no-orphans: src/errors/orphan.ts',
    'not-to-dev-dependency: src/handoff/sessions/devTool.ts',
    'not-to-undeclared: src/handoff/sessions/undeclared.ts',
    'not-to-unresolvable: src/handoff/sessions/missing.ts',
    'src-never-imports-outside: src/handoff/sessions/outside.ts',
    'test-kit-stays-out: src/handoff/sessions/sweep.ts',
  ]);
  expect(exitCode).toBe(1);
});

it('fails when dependency-cruiser finds only a TypeScript it cannot use, and so reads nothing', { timeout: 60_000 }, async () => {
  const project = await createMiniProject({
    ...clean,
    'wrongTypescript.mjs':
      "import { registerHooks } from 'node:module';\n" +
      "registerHooks({ resolve: (name, context, next) => next(name.replace(/^typescript(?=$|\\/)/, 'typescript7'), context) });\n",
  });
  const preload = pathToFileURL(path.join(project.folder, 'wrongTypescript.mjs')).href;
  const { exitCode, output } = await project.npmRun('depcruise', [], { NODE_OPTIONS: `--import ${preload}` });
  expect(output).toMatch(/no dependency violations found \(0 modules/);
  expect(output).toContain('error not-cruised: 11 file(s) of src were not read.');
  for (const file of Object.keys(clean)) expect(output).toContain(`  ${file}\n`);
  expect(exitCode).toBe(1);
});
