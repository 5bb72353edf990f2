import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { LIBRARIES, NODES } from './support/axes.js';
import type { LibrarySet, NodeVersion } from './support/axes.js';
import { coverageIn, expectCovered } from './support/checks.js';
import { install, installNode } from './support/install.js';
import { asPnpm } from './support/layouts.js';
import { program } from './support/programs.js';
import { oursAsPath, oursAsUrl, registerByRequire, registerUrl } from './support/run.js';
import { workshopIn } from './support/workshop.js';

const nodes = new Map<NodeVersion, string>();
const libraries = new Map<LibrarySet, string>();

beforeAll(async () => {
  for (const version of NODES) nodes.set(version, await installNode(version));
  for (const name of Object.keys(LIBRARIES) as LibrarySet[]) libraries.set(name, await install(`libraries/${name}`));
});

const nodeOf = (version: NodeVersion): string => nodes.get(version) ?? '';
const librariesOf = (name: LibrarySet): string => libraries.get(name) ?? '';

/** Hands the source of every file to Node, CommonJS included, which then passes Node's own loader by. */
const READS_ALL = `import { register } from 'node:module';
  register('data:text/javascript,' + encodeURIComponent(\`
    import { readFileSync } from 'node:fs'; import { fileURLToPath } from 'node:url';
    export const load = async (url, context, next) => {
      const loaded = await next(url, context);
      return loaded.format === 'commonjs' && loaded.source == null ? { ...loaded, source: readFileSync(fileURLToPath(url)) } : loaded;
    };\`));`;

describe.each(NODES)('Node %s', (version) => {
  it.for(['before', 'after'] as const)('pnpm, libraries loaded %s', async (order, { task }) => {
    task.meta.mark = { row: `pnpm, noChannels, ${order}`, column: version };
    using workshop = workshopIn(librariesOf('noChannels'));
    asPnpm(librariesOf('noChannels'), workshop.folder);
    const file = workshop.write('program.mjs', program('esm', oursAsUrl, 'call', order, false));
    const outcome = await workshop.play(nodeOf(version), [file]);
    expectCovered(outcome.receiver, outcome);
    expect(coverageIn(outcome).ioredis).toEqual([order === 'before' ? 'patched, loaded' : 'patched, load hook']);
  });

  it('a loader that reads CommonJS itself', async ({ task }) => {
    task.meta.mark = { row: 'custom loader, noChannels, after', column: version };
    using workshop = workshopIn(librariesOf('noChannels'));
    const loader = workshop.write('loader.mjs', READS_ALL);
    const file = workshop.write('program.mjs', program('esm', oursAsUrl, 'call', 'after', false));
    const outcome = await workshop.play(nodeOf(version), ['--import', loader, file]);
    expectCovered(outcome.receiver, outcome);
  });

  // Node loads what --require names in the thread of its module hooks too, which we start on versions before 22.22.3 and 24.11.1.
  it.for(['register itself', 'a file that calls instrument()'] as const)('--require of %s', async (what, { task }) => {
    task.meta.mark = { row: `--require of ${what}`, column: version };
    using workshop = workshopIn(librariesOf('newest'));
    const preload =
      what === 'register itself'
        ? registerByRequire
        : workshop.write('preload.cjs', `const { instrument } = require(${JSON.stringify(oursAsPath)}); instrument();`);
    const file = workshop.write('program.cjs', program('cjs', oursAsPath, 'register', 'after', false));
    const outcome = await workshop.play(nodeOf(version), ['--require', preload, file]);
    expectCovered(outcome.receiver, outcome);
  });

  it('a worker thread, with instrument() in it', async ({ task }) => {
    task.meta.mark = { row: 'worker', column: version };
    using workshop = workshopIn(librariesOf('noChannels'));
    workshop.write('work.mjs', program('esm', oursAsUrl, 'call', 'after', false));
    const file = workshop.write(
      'program.mjs',
      "import { Worker } from 'node:worker_threads'; new Worker(new URL('./work.mjs', import.meta.url));",
    );
    const outcome = await workshop.play(nodeOf(version), [file]);
    expectCovered(outcome.receiver, outcome);
  });

  it('a worker thread under --import', async ({ task }) => {
    task.meta.mark = { row: 'worker, register', column: version };
    using workshop = workshopIn(librariesOf('newest'));
    workshop.write('work.mjs', program('esm', oursAsUrl, 'register', 'after', false));
    const file = workshop.write(
      'program.mjs',
      "import { Worker } from 'node:worker_threads'; new Worker(new URL('./work.mjs', import.meta.url));",
    );
    const outcome = await workshop.play(nodeOf(version), ['--import', registerUrl, file]);
    expectCovered(outcome.receiver, outcome);
  });

  it('instrument() in the main thread only: its worker works, unseen', async ({ task }) => {
    task.meta.mark = { row: 'worker, main only', column: version };
    using workshop = workshopIn(librariesOf('newest'));
    workshop.write(
      'work.mjs',
      "import pg from 'pg'; const pool = new pg.Pool({ connectionString: process.env.DB }); await pool.query('SELECT 3'); await pool.end();",
    );
    const main = program('esm', oursAsUrl, 'call', 'after', false);
    const file = workshop.write(
      'program.mjs',
      `import { Worker } from 'node:worker_threads'; new Worker(new URL('./work.mjs', import.meta.url)); ${main}`,
    );
    const outcome = await workshop.play(nodeOf(version), [file]);
    expectCovered(outcome.receiver, outcome);
  });

  it('several copies of each library', async ({ task }) => {
    task.meta.mark = { row: 'several copies', column: version };
    using workshop = workshopIn(librariesOf('newest'));
    // A second set below the program, the first above it.
    const second = join(workshop.folder, 'second');
    mkdirSync(second);
    cpSync(join(librariesOf('noChannels'), 'node_modules'), join(second, 'node_modules'), { recursive: true });
    const file = workshop.write(
      'program.cjs',
      `const others = ['pg', 'ioredis', 'pino'].map((name) => require(require.resolve(name, { paths: [${JSON.stringify(second)}] }))); ${program('cjs', oursAsPath, 'call', 'after', false)}`,
    );
    const outcome = await workshop.play(nodeOf(version), [file]);
    expectCovered(outcome.receiver, outcome);
    expect(coverageIn(outcome)).toMatchObject({
      ioredis: ['patched, loaded', 'patched, load hook'],
      pino: ['patched, loaded', 'channel, load hook'],
    });
  });
});

it('vitest as host', async ({ task }) => {
  task.meta.mark = { row: 'vitest', column: '24.21.0' };
  const tools = await install('tools');
  using workshop = workshopIn(librariesOf('noChannels'));
  const work = program('esm', oursAsUrl, 'call', 'before', false).replace('(async () => {', 'await (async () => {');
  const [imports, rest] = [work.slice(0, work.indexOf('const Redis')), work.slice(work.indexOf('const Redis'))];
  workshop.write(
    'it.test.mjs',
    `import { it } from ${JSON.stringify(join(tools, 'node_modules/vitest/dist/index.js'))}; ${imports} it('works', async () => { ${rest} await h.shutdown(); });`,
  );
  const args = [
    join(tools, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--root',
    workshop.folder,
    '--pool=forks',
    '--reporter=json',
    '--outputFile',
    join(workshop.folder, 'out.json'),
  ];
  const outcome = await workshop.play(nodeOf('24.21.0'), args);
  expectCovered(outcome.receiver, { ...outcome, stdout: '' });
});
