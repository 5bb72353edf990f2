import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { linkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createCodebase } from '../../../../src/handoff/codebase/codebase.js';
import { folderWith } from './folder.js';

/** The thread that servers run, on real files; some of them made to hurt. */

const SMALL = 'import a from "a";\nexport function f() {}\n';

describe('real files', () => {
  it('are read and analysed; one that cannot be is refused and does not disturb the others', async () => {
    const root = folderWith({
      'src/a.ts': SMALL,
      'b.unknown': 'x\n\ny',
      'c.png': Buffer.from([0x89, 0x50, 0, 1]),
      'd.py': `x = 1\n`.repeat(60),
    });
    linkSync(join(root, 'src/a.ts'), join(root, 'same.ts'));
    const codebase = createCodebase({ roots: [root], maxTotalBytes: 350 });
    const report = await codebase.analyse(
      ['src/a.ts', '../x', 'b.unknown', 'c.png', 'none', 'same.ts', 'd.py', join(root, 'src/a.ts')],
      'full',
    );
    expect(report.files.map(({ filePath, analysis: { language } }) => [filePath, language])).toEqual([
      ['src/a.ts', 'typescript'],
      ['b.unknown', 'unknown'],
    ]);
    expect(report.files[0]).toMatchObject({
      contentHash: createHash('sha256').update(SMALL).digest('hex'),
      analysis: { type: 'full', imports: ['a'], dependencies: ['a'], functions: ['f'], complexity: 1, structure: { codeLines: 2 } },
    });
    expect(report.files[1]?.analysis).toEqual({
      type: 'full',
      language: 'unknown',
      fileSize: 4,
      lineCount: 3,
      structure: { totalLines: 3, codeLines: 2, commentLines: 0, blankLines: 1, commentRatio: 0 },
    });
    expect(report.refused.map(({ filePath, reason }) => [filePath, reason])).toEqual([
      ['../x', 'outside_roots'],
      ['c.png', 'binary'],
      ['none', 'not_found'],
      ['same.ts', 'duplicate'],
      ['d.py', 'total_too_large'],
      [join(root, 'src/a.ts'), 'duplicate'],
    ]);
  });

  it('have only what the type of the analysis asks for', async () => {
    const codebase = createCodebase({ roots: [folderWith({ 'a.ts': SMALL })] });
    const partsOf = async (type: Parameters<typeof codebase.analyse>[1]): Promise<string[]> => {
      const { files } = await codebase.analyse(['a.ts'], type);
      return Object.keys(files[0]?.analysis ?? {}).slice(4);
    };
    expect(await partsOf('structure')).toEqual(['structure']);
    expect(await partsOf('syntax')).toEqual(['functions', 'classes', 'imports', 'complexity']);
    expect(await partsOf('dependencies')).toEqual(['imports', 'dependencies']);
    expect(await partsOf('full')).toEqual(['functions', 'classes', 'imports', 'dependencies', 'complexity', 'structure']);
  });
});

describe('files that are made to hurt', () => {
  it('a file that takes seconds does not stop the main thread, and one that takes longer is given up', async () => {
    // Eight seconds of parsing on two quiet cores, so that two are too few on faster ones as well.
    const root = folderWith({ 'large.ts': 'x=[1,{a:b}];function f(){return a+b}\n'.repeat(100_000), 'a.ts': SMALL });
    const codebase = createCodebase({ roots: [root], fileTimeoutMs: 2000, maxFileBytes: 4_000_000 });
    let longestGapMs = 0;
    let last = performance.now();
    const ticks = setInterval(() => {
      longestGapMs = Math.max(longestGapMs, performance.now() - last);
      last = performance.now();
    }, 5);
    const start = performance.now();
    const report = await codebase.analyse(['large.ts', 'a.ts'], 'full');
    const tookMs = performance.now() - start;
    clearInterval(ticks);
    expect([report.files.length, ...report.refused.map(({ reason }) => reason)]).toEqual([1, 'timed_out']);
    // Parsing on the main thread would make it one gap of two seconds.
    expect(longestGapMs).toBeLessThan(tookMs / 4);
  });

  it('a file that makes the parser ask for gigabytes is refused, and the next works', async () => {
    const root = folderWith({ 'generics.ts': 'f<T,'.repeat(30_000), 'a.ts': SMALL });
    const codebase = createCodebase({ roots: [root], fileTimeoutMs: 60_000 });
    const report = await codebase.analyse(['generics.ts', 'a.ts'], 'syntax');
    expect(report.refused.map(({ problem }) => problem)).toEqual(['The file could not be analysed: the parser ran out of memory.']);
    expect(report.files).toHaveLength(1);
    expect(process.memoryUsage().rss).toBeLessThan(1.5 * 1024 ** 3);
  });

  it('a file with a hundred thousand imports has its first, and a count of the rest', async () => {
    const imports = Array.from({ length: 20_000 }, (_, index) => `import "m${index}";`).join('\n');
    const root = folderWith({ 'a.ts': imports, 'b.ts': `import "${'x'.repeat(5000)}";\n`.repeat(3) });
    const { files } = await createCodebase({ roots: [root], fileTimeoutMs: 60_000 }).analyse(['a.ts', 'b.ts'], 'dependencies');
    const [many, long] = files.map(({ analysis }) => analysis);
    expect(many?.imports).toEqual(Array.from({ length: 500 }, (_, index) => `m${index}`));
    expect(many?.omitted).toEqual({ imports: 19_500, dependencies: 19_500 });
    expect(long?.imports?.[0]?.length).toBeLessThanOrEqual(200);
  });
});

it('the thread does not keep the process alive, and a call does', () => {
  const root = folderWith({ 'a.ts': SMALL });
  const program = `
    import { createCodebase } from './src/handoff/codebase/codebase.ts';
    const { files } = await createCodebase({ roots: [${JSON.stringify(root)}] }).analyse(['a.ts'], 'full');
    process.stdout.write(files[0].analysis.language);`;
  const args = ['--import', './tools/resolveSource.mjs', '--input-type=module', '--eval', program];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 30_000 });
  expect([status, stdout, stderr]).toEqual([0, 'typescript', '']);
});
