import { describe, expect, it } from 'vitest';
import { runProgram } from '../../loading/program.js';
import type { Program } from '../../loading/program.js';

const OBSERVER = '{{repo}}/test/integration/instrumentation/mcp/discovery/fixtures/observer.mjs';
const PROTOCOL = 'export class Protocol { connect() { return "connected"; } setRequestHandler() {} request() {} }';

/** A copy of the SDK as 1.0.1 was built: ES modules only, right below dist, no McpServer yet. */
function sdkCopy(folder: string, version: string): Record<string, string> {
  const root = `${folder}/@modelcontextprotocol/sdk`;
  const manifest = JSON.stringify({ name: '@modelcontextprotocol/sdk', version, type: 'module', exports: { './*': './dist/*' } });
  return { [`${root}/package.json`]: manifest, [`${root}/dist/shared/protocol.js`]: PROTOCOL };
}

/** A package that brings its own copy of the SDK. */
function framework(folder: string): Record<string, string> {
  return {
    [`${folder}/package.json`]: JSON.stringify({ name: 'framework', version: '1.0.0', type: 'module', exports: './index.js' }),
    [`${folder}/index.js`]: `export { Protocol } from '@modelcontextprotocol/sdk/shared/protocol.js';`,
  };
}

const MAIN = `import { Protocol } from 'framework'; import { observe, tell } from '${OBSERVER}'; observe(); tell({ answer: new Protocol().connect() });`;
/** Nothing but the main script leads to the program: the working folder is another one. */
const COMMON = { 'app/main.mjs': MAIN, 'app/package.json': '{"dependencies":{"framework":"1.0.0"}}', 'elsewhere/readme': '' };

const STORE = 'app/node_modules/.pnpm';
const LAYOUTS: readonly (readonly [string, Pick<Program, 'files' | 'links'>])[] = [
  [
    'pnpm',
    {
      files: {
        ...COMMON,
        ...framework(`${STORE}/framework@1.0.0/node_modules/framework`),
        ...sdkCopy(`${STORE}/@modelcontextprotocol+sdk@1.0.1/node_modules`, '1.0.1'),
      },
      links: {
        'app/node_modules/framework': `${STORE}/framework@1.0.0/node_modules/framework`,
        [`${STORE}/framework@1.0.0/node_modules/@modelcontextprotocol/sdk`]: `${STORE}/@modelcontextprotocol+sdk@1.0.1/node_modules/@modelcontextprotocol/sdk`,
      },
    },
  ],
  [
    'npm, a copy of its own below a dependency',
    {
      files: {
        ...COMMON,
        ...framework('app/node_modules/framework'),
        ...sdkCopy('app/node_modules/framework/node_modules', '1.0.1'),
        'app/node_modules/.package-lock.json':
          '{"packages": {"node_modules/framework/node_modules/@modelcontextprotocol/sdk": {"version": "1.0.1"}}}',
      },
    },
  ],
  [
    'a dependency with a copy, no record of it',
    { files: { ...COMMON, ...framework('app/node_modules/framework'), ...sdkCopy('app/node_modules/framework/node_modules', '1.0.1') } },
  ],
];

describe('copies of the SDK loaded before discovery', () => {
  it.each(LAYOUTS)('are found: %s', async (_layout, program) => {
    const { counts, copies, answer } = await runProgram({ ...program, main: 'app/main.mjs', cwd: 'elsewhere' });
    expect({ counts, copies, answer }).toMatchObject({
      counts: { protocol: 1, connects: 1 },
      copies: [{ version: '1.0.1', format: 'esm', foundBy: 'loaded' }],
      answer: 'connected',
    });
  });

  it("are found where Yarn's Plug'n'Play put them, by what it tells of packages", async () => {
    const away = 'store/.yarn/__virtual__/sdk-1/0/cache/sdk.zip/node_modules';
    const files = {
      ...sdkCopy(away, '1.0.1'),
      'pnp.cjs': `Object.defineProperty(process.versions, 'pnp', { value: '3' });
        require('node:module').findPnpApi = () => ({
          getAllLocators: () => [{ name: null, reference: null }, { name: 'other', reference: '1' }, { name: '@modelcontextprotocol/sdk', reference: 'virtual:1' }],
          getPackageInformation: ({ name }) => { if (name === 'other') throw new Error('not asked for'); return { packageLocation: '{{here}}/${away}/@modelcontextprotocol/sdk/' }; },
        });`,
      'main.mjs': `import { Protocol } from './${away}/@modelcontextprotocol/sdk/dist/shared/protocol.js'; import { observe, tell } from '${OBSERVER}'; observe(); tell({ answer: new Protocol().connect() });`,
    };
    expect(await runProgram({ files, main: 'main.mjs', flags: ['--require', '{{here}}/pnp.cjs'] })).toMatchObject({
      counts: { protocol: 1, connects: 1 },
      copies: [{ version: '1.0.1', foundBy: 'loaded' }],
      answer: 'connected',
    });
  });

  it('are found when they are linked and not evaluated yet, since what starts discovery is imported before them', async () => {
    const files = {
      ...sdkCopy('node_modules', '1.0.1'),
      'start.mjs': `import { observe } from '${OBSERVER}'; observe();`,
      'main.mjs': `import './start.mjs'; import { Protocol } from '@modelcontextprotocol/sdk/shared/protocol.js'; import { tell } from '${OBSERVER}'; tell({ answer: new Protocol().connect() });`,
    };
    expect(await runProgram({ files, main: 'main.mjs' })).toMatchObject({
      counts: { protocol: 1, connects: 1 },
      copies: [{ version: '1.0.1' }],
      answer: 'connected',
    });
  });

  it('are found a little later when they are in the middle of loading', async () => {
    const files = {
      ...sdkCopy('node_modules', '1.0.1'),
      'node_modules/@modelcontextprotocol/sdk/dist/shared/protocol.js': `await new Promise((resolve) => setTimeout(resolve, 10)); ${PROTOCOL}`,
      'main.mjs': `import { observe, tell } from '${OBSERVER}'; const loading = import('@modelcontextprotocol/sdk/shared/protocol.js');
        await new Promise((resolve) => setTimeout(resolve, 1)); observe(); const { Protocol } = await loading; await new Promise(setImmediate);
        tell({ answer: new Protocol().connect() });`,
    };
    expect(await runProgram({ files, main: 'main.mjs' })).toMatchObject({
      counts: { protocol: 1, connects: 1 },
      reports: [],
      answer: 'connected',
    });
  });
});

describe('copies of the SDK loaded after discovery began', () => {
  it('are adopted each on its own', async () => {
    const files = {
      ...sdkCopy('node_modules', '1.0.1'),
      ...framework('node_modules/framework'),
      ...sdkCopy('node_modules/framework/node_modules', '1.2.0'),
      'main.mjs': `import { observe, tell } from '${OBSERVER}'; observe();
        const a = await import('@modelcontextprotocol/sdk/shared/protocol.js'); const b = await import('framework');
        tell({ answer: [new a.Protocol().connect(), new b.Protocol().connect(), a.Protocol === b.Protocol] });`,
    };
    const outcome = await runProgram({ files, main: 'main.mjs' });
    expect(outcome).toMatchObject({
      counts: { protocol: 2, connects: 2 },
      copies: [{ version: '1.0.1', foundBy: 'load hook' }, { version: '1.2.0' }],
      answer: ['connected', 'connected', false],
    });
  });

  it('run as if nothing had been once discovery is stopped', async () => {
    const copy = sdkCopy('node_modules', '1.0.1');
    const factory = {
      'node_modules/@modelcontextprotocol/sdk/dist/factory.js': `export function createMcpHandler(a, b) { return 'plain ' + a; }`,
    };
    const files = {
      ...copy,
      ...factory,
      'main.mjs': `import { observe, stop, tell } from '${OBSERVER}'; observe();
        const { createMcpHandler } = await import('@modelcontextprotocol/sdk/factory.js');
        const before = createMcpHandler('one'); stop(); const after = createMcpHandler('two');
        await import('@modelcontextprotocol/sdk/shared/protocol.js');
        tell({ answer: [before, after, createMcpHandler.length, createMcpHandler.name] });`,
    };
    const outcome = await runProgram({ files, main: 'main.mjs' });
    expect(outcome).toMatchObject({
      counts: { protocol: 0, factory: 1, factoryCalls: 1 },
      answer: ['plain one', 'plain two', 2, 'createMcpHandler'],
    });
  });
});
