import { describe, expect, it } from 'vitest';
import { describeLoop, folderLoops } from '../../tools/folderLoops.js';
import { createMiniProject } from './miniProject.js';

const leaf = 'export const leaf = 1;\n';
const from = (file: string): string => `export * from '${file}';\n`;

/** The loops among imports written as `from > to`, as children of the folder they lie in. */
function loopsOf(...imports: readonly string[]): readonly string[] {
  return folderLoops(
    imports.map((line) => {
      const [importer = '', imported = ''] = line.split(' > ');
      return { from: importer, to: imported };
    }),
  ).map((loop) => loop.map((step) => step.from).join(' > '));
}

describe('folderLoops', () => {
  it('finds none where the children of each folder have an order', () => {
    expect(loopsOf('a/x.ts > b/x.ts', 'b/x.ts > c.ts', 'a/x.ts > c.ts', 'a/x.ts > a/y/z.ts', 'a/y/z.ts > c.ts')).toEqual([]);
  });

  it('finds two folders that import each other by different files', () => {
    expect(loopsOf('a/x.ts > b/x.ts', 'b/y.ts > a/y.ts')).toEqual(['a > b']);
  });

  it('finds a file and a folder beside it that import each other', () => {
    expect(loopsOf('a/boot.ts > a/sdk/x.ts', 'a/sdk/y.ts > a/boot.ts')).toEqual(['a/boot.ts > a/sdk']);
  });

  it('finds a loop at any depth, and by files at any depth below its folders', () => {
    expect(loopsOf('a/b/c/one/deep/x.ts > a/b/c/two/x.ts', 'a/b/c/two/y.ts > a/b/c/one/y.ts')).toEqual(['a/b/c/one > a/b/c/two']);
  });

  it('shows the shortest way back, through as many folders as it takes', () => {
    expect(loopsOf('a/x.ts > b/x.ts', 'b/x.ts > c/x.ts', 'c/x.ts > d/x.ts', 'd/x.ts > a/x.ts', 'c/y.ts > a/y.ts')).toEqual([
      'a > b > c',
      'd > a > b > c',
    ]);
  });

  it('takes a folder and what lies within it for no loop', () => {
    expect(loopsOf('a/top.ts > a/sub/x.ts', 'a/sub/x.ts > a/other.ts')).toEqual([]);
  });

  it('leaves loops of files alone to the rule against cycles', () => {
    expect(loopsOf('a/x.ts > a/y.ts', 'a/y.ts > a/x.ts')).toEqual([]);
  });

  it('shows each arrow of a loop with an import that makes it', () => {
    const [loop = []] = folderLoops([
      { from: 'a/x.ts', to: 'b/x.ts' },
      { from: 'b/y.ts', to: 'a/y.ts' },
    ]);
    expect(describeLoop(loop)).toBe('  error no-folder-loops: a → b → a\n      a/x.ts → b/x.ts\n      b/y.ts → a/y.ts\n');
  });
});

it('npm run depcruise fails for a loop of folders, type imports and lazy imports included', { timeout: 60_000 }, async () => {
  const project = await createMiniProject({
    'src/errors/one/up.ts': from('../two/leaf.js'),
    'src/errors/one/leaf.ts': `${leaf}export interface Leaf {\n  x: 1;\n}\n`,
    'src/errors/two/up.ts': "import type { Leaf } from '../one/leaf.js';\nexport type Two = Leaf;\n",
    'src/errors/two/leaf.ts': leaf,
    'src/time/three.ts': "export const load = () => import('./four/leaf.js');\n",
    'src/time/four/leaf.ts': leaf,
    'src/time/four/up.ts': from('../three.js'),
  });
  const { exitCode, output } = await project.npmRun('depcruise');
  expect(output).toContain('no dependency violations found');
  expect(output).toContain('error no-folder-loops: 2 loop(s)');
  expect(output).toContain('  error no-folder-loops: src/errors/one → src/errors/two → src/errors/one\n');
  expect(output).toContain('      src/errors/two/up.ts → src/errors/one/leaf.ts\n');
  expect(output).toContain('  error no-folder-loops: src/time/four → src/time/three.ts → src/time/four\n');
  expect(exitCode).toBe(1);
});
