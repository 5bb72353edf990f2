import { describe, expect, it } from 'vitest';
import { runProgram } from './program.js';

const WATCH = `import { watchLoads } from '{{repo}}/src/instrumentation/loading/watchLoads.ts'; import { watchCjs } from '{{repo}}/src/instrumentation/loading/watchCjs.ts';
import { basename } from 'node:path';
const pattern = { files: /\\/lib\\/[^/]*\\.[cm]?js$/, names: ['Thing', 'make'] };
export const seen = globalThis.seen ??= [];
const listener = (module) => {
  seen.push([basename(module.url), module.format, Object.keys(module.values).join()]);
  const { make } = module.values;
  if (make !== undefined && make.isOurs !== true) module.replace('make', Object.assign(() => 'ours, ' + make(), { isOurs: true }));
};
const { node } = process.versions;
const ends = [watchLoads(pattern, listener, { name: 'node', version: node, nodeVersion: node }), watchCjs(pattern, listener)];
export const stop = () => ends.forEach((end) => end());
export const tell = (value) => process.stdout.write(JSON.stringify(value));`;

const ESM = `export class Thing {}\nexport function make() { return 'made'; }\nexport const madeInside = () => make();\nexport const where = () => new Error('x').stack.split('\\n')[1].match(/:(\\d+):\\d+/)[1];\n`;
const CJS = `class Thing {}\nfunction make() { return 'made'; }\nexports.Thing = Thing;\nexports.make = make;\nexports.madeInside = () => make();\nexports.where = () => new Error('x').stack.split('\\n')[1].match(/:(\\d+):\\d+/)[1];\n`;
const FILES = { 'watch.mjs': WATCH, 'lib/esm.mjs': ESM, 'lib/cjs.cjs': CJS, 'other/esm.mjs': ESM };

/** What a program sees of the module `lib`. */
const SIGHT = `[lib.make(), lib.madeInside(), lib.where(), typeof lib.Thing]`;
const REPLACED = ['ours, made', 'ours, made', '4', 'function'];

describe('watching what loads', () => {
  it('hands over an ES module before its importers go on, and replaces its function for all', async () => {
    const main = `import { seen, tell } from './watch.mjs'; const lib = await import('./lib/esm.mjs'); const other = await import('./other/esm.mjs');
      tell({ seen, sight: ${SIGHT}, other: other.make() });`;
    expect(await runProgram({ files: { ...FILES, 'main.mjs': main }, main: 'main.mjs' })).toEqual({
      seen: [['esm.mjs', 'esm', 'Thing,make']],
      sight: REPLACED,
      other: 'made',
    });
  });

  it.each([
    ['required', `const lib = require('./lib/cjs.cjs');`],
    ['imported', `const { default: lib } = await import('./lib/cjs.cjs');`],
  ])('hands over a CommonJS module that is %s', async (_how, loading) => {
    const main = `import { seen, tell } from './watch.mjs'; import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);
      ${loading} tell({ first: seen[0], sight: ${SIGHT} });`;
    expect(await runProgram({ files: { ...FILES, 'main.mjs': main }, main: 'main.mjs' })).toEqual({
      first: ['cjs.cjs', 'cjs', 'Thing,make'],
      sight: [...REPLACED.slice(0, 2), '6', 'function'],
    });
  });

  it('hands over CommonJS that a loader reads by itself, as tsx does', async () => {
    const main = `import { seen, tell } from './watch.mjs'; import { createRequire } from 'node:module'; import { readFileSync } from 'node:fs';
      const require = createRequire(import.meta.url);
      const own = (module, filename) => module._compile(readFileSync(filename, 'utf8'), filename);
      require.extensions['.js'] = own; require.extensions['.cjs'] = own;
      const lib = require('./lib/cjs.cjs'); tell({ seen, made: lib.make() });`;
    expect(await runProgram({ files: { ...FILES, 'main.mjs': main }, main: 'main.mjs' })).toEqual({
      seen: [['cjs.cjs', 'cjs', 'Thing,make']],
      made: 'ours, made',
    });
  });

  it.each([
    ['before', `import './others.mjs'; import { seen, tell } from './watch.mjs';`],
    ['after', `import { seen, tell } from './watch.mjs'; import './others.mjs';`],
  ])('works with asynchronous and synchronous hooks registered %s it', async (_when, imports) => {
    const files = {
      ...FILES,
      'hooks.mjs': `export const load = async (url, context, next) => next(url, context); export const resolve = async (name, context, next) => next(name, context);`,
      'others.mjs': `import { register, registerHooks } from 'node:module'; register('./hooks.mjs', import.meta.url);
        registerHooks({ load: (url, context, next) => { const loaded = next(url, context); return typeof loaded.source === 'string' || loaded.source == null ? loaded : { ...loaded, source: new TextDecoder().decode(loaded.source) + '\\n// seen' }; } });`,
      'main.mjs': `${imports} const lib = await import('./lib/esm.mjs'); const cjs = await import('./lib/cjs.cjs');
        tell({ seen: seen.map(([name]) => name), sight: ${SIGHT}, made: cjs.default.make() });`,
    };
    expect(await runProgram({ files, main: 'main.mjs' })).toMatchObject({
      seen: ['esm.mjs', 'cjs.cjs'],
      sight: REPLACED,
      made: 'ours, made',
    });
  });

  it('leaves modules alone once stopped, those included that still carry the added line', async () => {
    const main = `import { seen, stop, tell } from './watch.mjs'; import { Module } from 'node:module';
      const first = import('./lib/esm.mjs'); stop(); const lib = await first; const { default: cjs } = await import('./lib/cjs.cjs');
      tell({ seen, made: [lib.make(), cjs.make()], isNodesOwn: !Module.prototype.load.toString().includes('isActive') });`;
    expect(await runProgram({ files: { ...FILES, 'main.mjs': main }, main: 'main.mjs' })).toEqual({
      seen: [],
      made: ['made', 'made'],
      isNodesOwn: true,
    });
  });

  it('works in a worker that was given the same --import', async () => {
    const files = {
      ...FILES,
      'worker.mjs': `import { parentPort } from 'node:worker_threads'; const lib = await import('./lib/esm.mjs'); parentPort.postMessage([globalThis.seen, lib.make()]);`,
      'main.mjs': `import { Worker } from 'node:worker_threads'; import { tell } from './watch.mjs';
        new Worker(new URL('./worker.mjs', import.meta.url)).once('message', ([seen, made]) => tell({ seen, made, here: globalThis.seen }));`,
    };
    const outcome = await runProgram({ files, main: 'main.mjs', flags: ['--import', 'file://{{here}}/watch.mjs'] });
    expect(outcome).toEqual({ seen: [['esm.mjs', 'esm', 'Thing,make']], made: 'ours, made', here: [] });
  });
});
