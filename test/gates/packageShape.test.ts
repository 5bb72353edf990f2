import { access, appendFile, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { createMiniProject, readManifest } from './miniProject.js';

/** A source file for each entry point the manifest names and each thread, so that a build makes a package of our shape. */
const sources = {
  'src/errors/shape.ts':
    'export interface Shape {\n  readonly a: number;\n}\n/** One. */\nexport const a: Shape = { a: 1 };\nexport class Mine extends Error {}\n',
  'src/index.ts': "export { a, Mine } from './errors/shape.js';\nexport type { Shape } from './errors/shape.js';\n",
  'src/idle.ts': 'export {};\n',
  'src/register.ts': 'export {};\n',
  'src/mcp.ts': "export { a } from './errors/shape.js';\n",
  'src/services.ts': "export { a } from './errors/shape.js';\n",
  'src/server.ts': "export { a } from './errors/shape.js';\n",
  'src/testing.ts': "export { a } from './errors/shape.js';\n",
  'src/cli.ts': "#!/usr/bin/env node\nprocess.stdout.write('x');\n",
  'src/instrumentation/loading/loadThread.ts': 'export {};\n',
  'src/handoff/storage/embedded/ownerThread.ts': 'export {};\n',
  'src/handoff/codebase/thread/analysisThread.ts': 'export {};\n',
  'src/handoff/server/admin/adminThread.ts': 'export {};\n',
};

async function builtProject(exports: Readonly<Record<string, string>> = {}): ReturnType<typeof createMiniProject> {
  const ours = await readManifest();
  const project = await createMiniProject(
    { ...sources, 'dist/stale.js': 'export {};\n', 'plain.js': 'export const a = 1;\n' },
    { exports: { ...ours.exports, ...exports }, bin: ours.bin, files: [...ours.files, 'plain.js'] },
  );
  expect(await project.npmRun('build')).toEqual({ exitCode: 0, output: '' });
  return project;
}

it('builds the entry points afresh and accepts their shape', { timeout: 60_000 }, async () => {
  const project = await builtProject();
  const dist = (file: string): string => path.join(project.folder, 'dist', file);
  for (const file of ['index.js', 'index.d.ts', 'index.cjs', 'index.d.cts', 'idle.cjs', 'register.js', 'testing.js', 'cli.js'])
    await access(dist(file));
  await expect(access(dist('stale.js'))).rejects.toThrow('ENOENT');
  expect(await readFile(dist('cli.js'), 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  expect(await readFile(dist('index.d.cts'), 'utf8')).toContain(
    '/** One. */\nexport declare const a: typeof es.a;\nexport declare const Mine: typeof es.Mine;\nexport type Mine = es.Mine;\n',
  );
  const { exitCode, output } = await project.npmRun('package-shape');
  expect(output).toContain('All good!');
  const verdicts = [...output.matchAll(/^(?:node16 \(from (?:CJS|ESM)\)|bundler): (.)/gmu)].map(([, verdict]) => verdict);
  expect(verdicts).toEqual(Object.keys((await readManifest()).exports).flatMap(() => ['🟢', '🟢', '🟢']));
  expect(exitCode).toBe(0);
});

it('builds nothing again until a source, a setting or the result has changed', { timeout: 60_000 }, async () => {
  const project = await builtProject();
  const index = path.join(project.folder, 'dist', 'index.js');
  const writtenAgain = async (): Promise<boolean> => {
    const { mtimeMs } = await stat(index);
    expect(await project.npmRun('build')).toEqual({ exitCode: 0, output: '' });
    return (await stat(index)).mtimeMs !== mtimeMs;
  };
  expect(await writtenAgain()).toBe(false);
  await appendFile(path.join(project.folder, 'src/idle.ts'), '// Changed.\n');
  expect(await writtenAgain()).toBe(true);
  await appendFile(path.join(project.folder, 'tsconfig.json'), '\n');
  expect(await writtenAgain()).toBe(true);
  await rm(path.join(project.folder, 'dist', 'idle.cjs'));
  expect(await writtenAgain()).toBe(true);
  await appendFile(path.join(project.folder, 'dist', 'mcp.js'), '// Changed.\n');
  expect(await writtenAgain()).toBe(true);
  expect(await readFile(path.join(project.folder, 'dist', 'mcp.js'), 'utf8')).not.toContain('Changed');
  expect(await writtenAgain()).toBe(false);
});

it('fails what publint finds: an export of a file that is not there', { timeout: 60_000 }, async () => {
  const project = await builtProject({ './gone': './dist/gone.js' });
  const { exitCode, output } = await project.npmRun('package-shape');
  expect(output).toMatch(/pkg\.exports\["\.\/gone"\] is \.\/dist\/gone\.js but the file does not exist/);
  expect(exitCode).toBe(1);
});

it('fails what attw finds: an export without types', { timeout: 60_000 }, async () => {
  const project = await builtProject({ './untyped': './plain.js' });
  const { exitCode, output } = await project.npmRun('package-shape');
  expect(output).toMatch(/"handoff-otel\/untyped"[^"]*node16 \(from ESM\): ❌ No types/);
  expect(exitCode).toBe(1);
});
