import { expect, it } from 'vitest';
import { createMiniProject, gateDependencies } from './miniProject.js';

const clean = {
  'src/index.ts': "export { used } from './errors/used.js';\nexport const publicName = 1;\n",
  'src/errors/used.ts': 'export interface Shape {\n  readonly a: number;\n}\nexport const used = (shape: Shape): number => shape.a;\n',
  'test/unit/used.test.ts':
    "import { it } from 'vitest';\nimport { used } from '../../src/errors/used.js';\nit('works', () => void used({ a: 1 }));\n",
};

it('passes when every export, file and dependency has a use', { timeout: 60_000 }, async () => {
  const project = await createMiniProject(clean);
  expect(await project.npmRun('knip', ['--no-config-hints'])).toEqual({ exitCode: 0, output: '' });
});

it('fails for each thing nobody uses or declares', { timeout: 60_000 }, async () => {
  const project = await createMiniProject(
    {
      ...clean,
      'src/errors/used.ts': `${clean['src/errors/used.ts']}export const unusedExport = 1;\nexport interface UnusedType {\n  readonly b: 1;\n}\n`,
      'src/errors/unusedFile.ts': 'export const x = 1;\n',
      'src/register.ts': "import 'semver';\n",
    },
    { dependencies: { zod: '*' }, devDependencies: { ...(await gateDependencies()), pino: '*' } },
  );
  const { exitCode, output } = await project.npmRun('knip', ['--no-config-hints', '--reporter', 'json']);
  const { issues }: { issues: readonly Readonly<Record<string, string | readonly { readonly name: string }[]>>[] } = JSON.parse(output);
  const found = issues.flatMap((issue) =>
    Object.entries(issue).flatMap(([kind, names]) => (typeof names === 'string' ? [] : names.map(({ name }) => `${kind}: ${name}`))),
  );
  expect(found.sort()).toEqual([
    'dependencies: zod',
    'devDependencies: pino',
    'exports: unusedExport',
    'files: src/errors/unusedFile.ts',
    'types: UnusedType',
    'unlisted: semver',
  ]);
  expect(exitCode).toBe(1);
});
