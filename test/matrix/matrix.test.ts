import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOtlpReceiver } from '../../src/testing/otlpReceiver.js';
import { LIBRARIES, NODES, cells, everyCell, impossible, isBundle } from './support/axes.js';
import type { Cell, LibrarySet, NodeVersion } from './support/axes.js';
import { bundle } from './support/bundles.js';
import { coverageIn, expectCovered } from './support/checks.js';
import { install, installNode } from './support/install.js';
import { program } from './support/programs.js';
import { oursAsPath, oursAsUrl, registerUrl, run } from './support/run.js';

const nodes = new Map<NodeVersion, string>();
const folders = new Map<LibrarySet, string>();
/** Programs by their text's key: most are the same for all versions of Node. */
const programs = new Map<string, Promise<string>>();
let tools = '';

beforeAll(async () => {
  tools = await install('tools');
  for (const version of NODES) nodes.set(version, await installNode(version));
  for (const name of Object.keys(LIBRARIES) as LibrarySet[]) {
    // Beside the libraries, so that programs find them and nothing else.
    folders.set(name, mkdtempSync(join(await install(`libraries/${name}`), 'programs-')));
  }
});

afterAll(() => {
  for (const folder of folders.values()) rmSync(folder, { recursive: true, force: true });
});

function fileOf(cell: Cell): Promise<string> {
  const { libraries, way, start, order } = cell;
  const key = [libraries, way, start, order].join('-').replaceAll(' ', '-');
  const known = programs.get(key);
  if (known !== undefined) return known;
  const written = write(cell, join(folders.get(libraries) ?? '', key));
  programs.set(key, written);
  return written;
}

async function write({ way, start, order }: Cell, base: string): Promise<string> {
  const format = way.endsWith('esm') ? 'esm' : 'cjs';
  const us = format === 'esm' ? oursAsUrl : oursAsPath;
  const extension = `${format === 'esm' ? 'm' : 'c'}${way.startsWith('tsx') ? 'ts' : 'js'}`;
  const source = isBundle(way) ? `${base}.source.${extension}` : `${base}.${extension}`;
  writeFileSync(source, program(format, us, start, order, isBundle(way)));
  if (!isBundle(way)) return source;
  const file = `${base}.${extension}`;
  await bundle(tools, way, source, file, [us]);
  return file;
}

function flagsOf({ way, start }: Cell): readonly string[] {
  const { resolve } = createRequire(join(tools, 'package.json'));
  // `--import tsx` alone cannot load ioredis into CommonJS on Node 22.15.0, with or without us.
  const tsx: Partial<Record<Cell['way'], readonly string[]>> = {
    'tsx esm': ['--import', pathToFileURL(resolve('tsx')).href],
    'tsx cjs': ['--require', resolve('tsx/cjs')],
  };
  return [...(tsx[way] ?? []), ...(start === 'register' ? ['--import', registerUrl] : [])];
}

/** By which way each copy is to be covered, as `status()` must say. */
function expectedCoverage({ libraries, way, start, order }: Cell): Record<string, readonly string[]> {
  const foundBy = isBundle(way) ? 'handed over' : start === 'call' && order === 'before' ? 'loaded' : 'load hook';
  const { ioredis, pino } = LIBRARIES[libraries];
  return {
    pg: [`patched, ${foundBy}`],
    'pg-pool': [`patched, ${foundBy}`],
    ioredis: [`${ioredis}, ${foundBy}`],
    pino: [`${pino}, ${foundBy}`],
    runtime: ['observed, loaded'],
  };
}

describe.each(NODES)('Node %s', (version) => {
  it.concurrent.for(
    cells()
      .filter(({ node }) => node === version)
      .map((cell) => [[cell.way, cell.start, cell.libraries, cell.order].join(', '), cell] as const),
  )('%s', async ([name, cell], { task }) => {
    task.meta.mark = { row: name, column: cell.node };
    await using receiver = await startOtlpReceiver();
    const outcome = await run(nodes.get(cell.node) ?? '', [...flagsOf(cell), await fileOf(cell)], receiver.url);
    expectCovered(receiver, outcome);
    expect(coverageIn(outcome)).toEqual(expectedCoverage(cell));
  });
});

// Literals, so that an axis that loses a value, or a reason that swallows more than it should, is seen.
it('runs this many cells, and leaves out only those that are impossible or say nothing new', () => {
  const reasons = new Map<string, number>();
  for (const cell of everyCell()) {
    const reason = impossible(cell) ?? 'run';
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  expect(Object.fromEntries(reasons)).toEqual({
    run: 212,
    '--import runs before anything of the program': 128,
    'the same as tsx after: two --import': 32,
    'newest and noChannels show that these ways do not depend on the version': 128,
    'differs from newest only where the channels begin': 12,
  });
  expect(NODES.map((version) => cells().filter(({ node }) => node === version).length)).toEqual([56, 50, 56, 50]);
  process.stdout.write([...reasons].map(([reason, count]) => `${count} cells: ${reason}\n`).join(''));
});
