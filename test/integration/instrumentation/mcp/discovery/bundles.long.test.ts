import { beforeAll, describe, expect, it } from 'vitest';
import { runProgram } from '../../loading/program.js';
import { bundlesOf } from './bundles.js';
import type { Bundle } from './bundles.js';

const OBSERVER = '{{repo}}/test/integration/instrumentation/mcp/discovery/fixtures/observer.mjs';
const PRELOAD = ['--import', '{{repo}}/test/integration/instrumentation/mcp/discovery/fixtures/preload.mjs'];

function filesOf(bundles: readonly Bundle[]): Record<string, string> {
  return Object.fromEntries(bundles.map(({ name, code }) => [name, code]));
}

/** A program that calls a tool with every bundle and tells what was adopted by then. `load` is an expression for `file`. */
function callingAll(bundles: readonly Bundle[], load: string, before = ''): string {
  return `import { observe, stop, tell, callTool } from '${OBSERVER}'; import { createRequire } from 'node:module'; import { readFileSync } from 'node:fs';
    const require = createRequire(import.meta.url); ${before}
    const answers = []; for (const file of ${JSON.stringify(bundles.map(({ name }) => `./${name}`))}) answers.push(await callTool(${load}));
    tell({ answers });`;
}

describe('SDKs in bundles that load after us', () => {
  let esm: readonly Bundle[];
  let cjs: readonly Bundle[];

  beforeAll(async () => {
    esm = await bundlesOf('esm');
    cjs = await bundlesOf('cjs');
  });

  /** Protocol classes there are: of v2 both packages bring one. */
  const protocolsIn = (bundles: readonly Bundle[]): number => bundles.reduce((sum, { sdk }) => sum + (sdk === 'v1' ? 1 : 2), 0);

  it.each([
    ['ES modules, imported', 'esm', `await import(file)`, ''],
    ['ES modules, required', 'esm', `require(file)`, ''],
    ['CommonJS, imported', 'cjs', `(await import(file)).default`, ''],
    ['CommonJS, required', 'cjs', `require(file)`, ''],
    [
      'CommonJS that a loader reads by itself',
      'cjs',
      `require(file)`,
      `require.extensions['.cjs'] = require.extensions['.js'] = (module, filename) => module._compile(readFileSync(filename, 'utf8'), filename);`,
    ],
  ] as const)('are found, each class once and before its first connection: %s', async (_title, format, load, before) => {
    const bundles = format === 'esm' ? esm : cjs;
    const outcome = await runProgram({
      files: { ...filesOf(bundles), 'main.mjs': callingAll(bundles, load, before) },
      main: 'main.mjs',
      flags: PRELOAD,
    });
    expect(outcome).toMatchObject({
      answers: bundles.map(() => 'world'),
      counts: { protocol: protocolsIn(bundles), mcpServer: bundles.length, connects: 2 * bundles.length, stdio: 0, factory: 0 },
      reports: [],
      copies: bundles.map(({ name }) => ({
        name: 'bundled',
        version: 'unknown',
        format,
        foundBy: 'load hook',
        path: expect.stringMatching(new RegExp(`/handoff modules-\\w+/${name}$`)),
      })),
    });
  });

  it('are left alone once discovery is stopped, those included that were changed before', async () => {
    const main = callingAll(
      cjs.slice(0, 2),
      'require(file)',
      `const { Module } = require('node:module'); const compile = Module.prototype._compile; observe(); require('./${cjs[0]?.name ?? ''}'); stop();`,
    );
    const seen = `tell({ answers, isNodesOwn: Module.prototype._compile === compile, isGone: !('handoffOtelInstance' in globalThis) });`;
    const outcome = await runProgram({
      files: { ...filesOf(cjs.slice(0, 2)), 'main.mjs': main.replace('tell({ answers });', seen) },
      main: 'main.mjs',
    });
    expect(outcome).toMatchObject({
      answers: ['world', 'world'],
      counts: { protocol: 0, mcpServer: 0, connects: 0 },
      copies: [],
      isNodesOwn: true,
      isGone: true,
    });
  });

  it('change neither the lines of a file nor what stack traces say of them', async () => {
    const thrown = `\nexport const line = () => new Error('x').stack.split('\\n')[1].match(/:(\\d+):\\d+/)[1];`;
    const [bundle] = esm.filter(({ name }) => name === 'v2-esnext.mjs');
    const code = `${bundle?.code ?? ''}${thrown}`;
    const main = `import { tell, callTool } from '${OBSERVER}'; const bundle = await import('./bundle.mjs'); tell({ answers: [await callTool(bundle)], line: bundle.line() });`;
    const outcome = await runProgram({ files: { 'bundle.mjs': code, 'main.mjs': main }, main: 'main.mjs', flags: PRELOAD });
    expect(outcome).toMatchObject({ answers: ['world'], counts: { mcpServer: 1 }, line: String(code.split('\n').length) });
  });
});

describe('files that have only the words of the SDK', () => {
  const padding = `// ${'x'.repeat(5000)}\n`;
  const speaking = `${padding}// this._requestHandlerAbortControllers = new Map(); _registeredTools = {};
    export const text = 'this._requestHandlerAbortControllers = new Map(); this._registeredTools = {};';
    export const own = { _requestHandlerAbortControllers: new Map(), _registeredTools: {} };`;
  /** Its fields are the same, so it is changed, and nothing is made of it. */
  const resembling = `class Resembling { _progressHandlers = 1;\n _requestHandlerAbortControllers = new Map(); _registeredPrompts = 2; _registeredTools = {}; connect() {} }
    export const made = [new Resembling(), new Resembling()]; export const methods = made.map(({ connect }) => String(connect));
    export const isMap = made[0]._requestHandlerAbortControllers instanceof Map; export const line = new Error('x').stack.split('\\n')[1].match(/:(\\d+):\\d+/)[1];`;

  it.each([
    ['in comments, strings and objects', speaking],
    ['in a class of another kind', padding + resembling],
  ])('run as they are: %s', async (_where, source) => {
    const files = {
      'source.mjs': source,
      'main.mjs': `import * as source from './source.mjs'; process.stdout.write(JSON.stringify({ ...source, globals: Object.keys(globalThis) }));`,
    };
    const bare = await runProgram({ files, main: 'main.mjs' });
    expect(Object.keys(bare).length).toBeGreaterThan(2);
    expect(await runProgram({ files, main: 'main.mjs', flags: PRELOAD })).toEqual(bare);
  });
});
