import { describe, expect, it } from 'vitest';
import { runProgram } from './program.js';

const PROBE = `import { probeLoadedEsm } from '{{repo}}/src/instrumentation/loading/loadedEsm.ts'; import { pathToFileURL } from 'node:url';
export const probe = (name) => { const found = probeLoadedEsm(pathToFileURL('{{here}}/' + name).href); return { state: found.state, namespace: found.namespace }; };
export const state = (name) => probe(name).state;
export const tell = (value) => process.stdout.write(JSON.stringify(value));`;

/** Says on the global when it is evaluated, and by how many instances. */
const TARGET = `import './inner.mjs'; globalThis.evaluated = (globalThis.evaluated ?? 0) + 1; export class Thing {}`;
const FILES = { 'probe.mjs': PROBE, 'target.mjs': TARGET, 'inner.mjs': 'export const inner = 1;' };

describe('probing for loaded ES modules', () => {
  it('neither loads nor spoils a module that is not loaded', async () => {
    const main = `import { probe, state, tell } from './probe.mjs'; import { createRequire } from 'node:module';
      const before = [state('target.mjs'), state('target.mjs'), globalThis.evaluated ?? 0];
      const imported = await import('./target.mjs');
      const required = createRequire(import.meta.url)('./target.mjs');
      const { state: after, namespace } = probe('target.mjs');
      tell({ before, after, evaluated: globalThis.evaluated, isSame: namespace.Thing === imported.Thing && required.Thing === imported.Thing });`;
    const outcome = await runProgram({ files: { ...FILES, 'main.mjs': main }, main: 'main.mjs' });
    expect(outcome).toEqual({ before: ['absent', 'absent', 0], after: 'loaded', evaluated: 1, isSame: true });
  });

  it('lets a module that was refused be required first', async () => {
    const main = `import { probe, state, tell } from './probe.mjs'; import { createRequire } from 'node:module';
      const before = state('target.mjs');
      const required = createRequire(import.meta.url)('./target.mjs');
      tell({ before, isSame: required.Thing === probe('target.mjs').namespace.Thing && required.Thing === (await import('./target.mjs')).Thing });`;
    expect(await runProgram({ files: { ...FILES, 'main.mjs': main }, main: 'main.mjs' })).toEqual({ before: 'absent', isSame: true });
  });

  it('gets the instance of a module that is linked and waits for its turn', async () => {
    const early = `import { probe } from './probe.mjs'; export const { state, namespace } = probe('target.mjs');`;
    const main = `import { state, namespace } from './early.mjs'; import { Thing } from './target.mjs'; import { tell } from './probe.mjs';
      await null; tell({ state, isSame: namespace.Thing === Thing, evaluated: globalThis.evaluated });`;
    const outcome = await runProgram({ files: { ...FILES, 'early.mjs': early, 'main.mjs': main }, main: 'main.mjs' });
    expect(outcome).toEqual({ state: 'loaded', isSame: true, evaluated: 1 });
  });

  it('lets a module that it evaluates load the CommonJS it needs', async () => {
    const files = {
      ...FILES,
      'target.mjs': `import outer from './outer.cjs'; export const Thing = outer;`,
      'outer.cjs': `module.exports = require('./inner.cjs');`,
      'inner.cjs': `module.exports = 'from CommonJS';`,
      'early.mjs': `import { probe } from './probe.mjs'; export const { state } = probe('target.mjs');`,
      'main.mjs': `import { state } from './early.mjs'; import { Thing } from './target.mjs'; import { tell } from './probe.mjs'; tell({ state, Thing });`,
    };
    expect(await runProgram({ files, main: 'main.mjs' })).toEqual({ state: 'loaded', Thing: 'from CommonJS' });
  });

  it('survives being asked while the module loads', async () => {
    const main = `import { probe, state, tell } from './probe.mjs';
      const loading = import('./target.mjs');
      const during = state('target.mjs');
      const { Thing } = await loading;
      tell({ isState: ['absent', 'unfinished', 'loaded'].includes(during), isSame: probe('target.mjs').namespace.Thing === Thing, evaluated: globalThis.evaluated });`;
    expect(await runProgram({ files: { ...FILES, 'main.mjs': main }, main: 'main.mjs' })).toEqual({
      isState: true,
      isSame: true,
      evaluated: 1,
    });
  });

  it('does not know of a cycle, a running top-level await or a failed module, and leaves them as they are', async () => {
    const files = {
      ...FILES,
      'cycle.mjs': `import { state } from './probe.mjs'; export const own = state('cycle.mjs'); export const later = () => state('cycle.mjs');`,
      'slow.mjs': `await new Promise((resolve) => setTimeout(resolve, 30)); export const slow = 1;`,
      'broken.mjs': `throw new Error('broken on purpose');`,
      'main.mjs': `import { state, tell } from './probe.mjs'; import { own, later } from './cycle.mjs';
        const loading = import('./slow.mjs'); await new Promise((resolve) => setTimeout(resolve, 5));
        const during = state('slow.mjs'); const { slow } = await loading;
        const error = await import('./broken.mjs').catch(({ message }) => message);
        tell({ own, later: later(), during, slow, error, broken: state('broken.mjs'), again: await import('./broken.mjs').catch(({ message }) => message) });`,
    };
    expect(await runProgram({ files, main: 'main.mjs' })).toEqual({
      own: 'unfinished',
      later: 'loaded',
      during: 'unfinished',
      slow: 1,
      error: 'broken on purpose',
      broken: 'unfinished',
      again: 'broken on purpose',
    });
  });

  it('calls a file absent that does not exist, and leaves nothing in require.cache', async () => {
    const main = `import { state, tell } from './probe.mjs'; import { createRequire } from 'node:module';
      await import('./target.mjs');
      tell({ states: [state('nowhere.mjs'), state('target.mjs')], cache: Object.keys(createRequire(import.meta.url).cache) });`;
    expect(await runProgram({ files: { ...FILES, 'main.mjs': main }, main: 'main.mjs' })).toEqual({
      states: ['absent', 'loaded'],
      cache: [],
    });
  });
});
