import { Client as ClientV1 } from '@modelcontextprotocol/sdk/client/index.js';
import { Server as ServerV1 } from '@modelcontextprotocol/sdk/server/index.js';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport as StdioV1 } from '@modelcontextprotocol/sdk/server/stdio.js';
import { Client as ClientV2 } from '@modelcontextprotocol/client';
import { McpServer as McpServerV2, Server as ServerV2, createMcpHandler } from '@modelcontextprotocol/server';
import { StdioServerTransport as StdioV2 } from '@modelcontextprotocol/server/stdio';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { McpHooks } from '../../../../../src/instrumentation/mcp/instrumentation.js';
import { generations } from '../../../../unit/instrumentation/mcp/generations.js';
import type { Pair } from '../../../../unit/instrumentation/mcp/pair.js';
import { modernRequest } from '../../../../unit/instrumentation/mcp/modern.js';
import { Ledger } from './ledger.js';
import { both, lineOf, shapeOf } from './shapes.js';

const classes: readonly { readonly prototype: object }[] = [
  McpServerV1,
  ServerV1,
  ClientV1,
  StdioV1,
  McpServerV2,
  ServerV2,
  ClientV2,
  StdioV2,
];
/** Their prototypes and all these inherit from. */
const prototypes = [...new Set(classes.flatMap(({ prototype }) => [prototype, ...lineOf(prototype)]))];

let ledger: Ledger;
let instrumentation: McpHooks;
let before: readonly (readonly [object, PropertyKey, PropertyDescriptor])[];
beforeEach(() => {
  before = descriptors();
  ledger = new Ledger();
  instrumentation = ledger.instrumentation();
});
afterEach(async () => {
  instrumentation.disable();
  await ledger.dispose();
  expectPrototypesAsBefore();
});

function descriptors(): typeof before {
  return prototypes.flatMap((each) =>
    Reflect.ownKeys(each).map((key) => [each, key, Object.getOwnPropertyDescriptor(each, key) ?? {}] as const),
  );
}

function expectPrototypesAsBefore(): void {
  const after = descriptors();
  expect(after.length).toBe(before.length);
  for (const [index, [, key, { value, ...flags }]] of after.entries()) {
    const [, keyBefore, { value: valueBefore, ...flagsBefore }] = before[index] ?? [{}, '', {}];
    expect([key, flags]).toEqual([keyBefore, flagsBefore]);
    expect(value, String(key)).toBe(valueBefore);
  }
}

async function talk(pair: Pair): Promise<void> {
  for (const tool of ['echo', 'refuse', 'explode']) await pair.call(tool).catch(() => undefined);
  await pair.listTools();
  await pair.sample();
  await pair.tellServer();
  await pair.tellClient();
}

describe.each(generations)('disable() leaves $name as it was', ({ make }) => {
  const prepared = (): Pair => {
    const pair = make();
    pair.onTold(() => undefined);
    pair.onClientTold(() => undefined);
    return pair;
  };
  const cover = (pair: Pair): void => {
    instrumentation.instrumentServer(pair.server);
    instrumentation.instrumentClient(pair.client);
  };

  it('before any connection', () => {
    const pair = prepared();
    cover(pair);
    expect(expectPrototypesAsBefore).toThrow();
    instrumentation.disable();
    expect(both(pair)).toEqual(both(prepared()));
  });

  it.each([
    ['covered before it connected', true],
    ['covered when it was connected', false],
  ])('connected and after calls, %s', async (_what, early) => {
    const [pair, bare] = [prepared(), prepared()];
    if (early) cover(pair);
    for (const each of [pair, bare]) await each.connect();
    if (!early) cover(pair);
    for (const each of [pair, bare]) await talk(each);
    expect(both(pair)).not.toEqual(both(bare));
    instrumentation.disable();
    expect(both(pair)).toEqual(both(bare));
    const before = ledger.ended.length;
    await talk(pair);
    expect(ledger.ended).toHaveLength(before);
    for (const each of [pair, bare]) await each.close();
    expect(both(pair)).toEqual(both(bare));
  });

  it('closed and connected anew', async () => {
    const [pair, bare] = [prepared(), prepared()];
    cover(pair);
    for (const each of [pair, bare]) {
      await each.connect();
      await talk(each);
      await each.close();
      await each.connect();
      await talk(each);
    }
    instrumentation.disable();
    expect(both(pair)).toEqual(both(bare));
    for (const each of [pair, bare]) await each.close();
  });

  it('twice, and a second time round', async () => {
    const pair = prepared();
    cover(pair);
    instrumentation.disable();
    instrumentation.disable();
    instrumentation = ledger.instrumentation();
    cover(pair);
    await pair.connect();
    await talk(pair);
    expect(ledger.ended.length).toBeGreaterThan(10);
    instrumentation.disable();
    await pair.close();
    const bare = prepared();
    await bare.connect();
    await talk(bare);
    await bare.close();
    expect(both(pair)).toEqual(both(bare));
  });

  it('with handlers, tools and callbacks that were set while it was covered', async () => {
    const [pair, bare] = [prepared(), prepared()];
    cover(pair);
    for (const each of [pair, bare]) {
      await each.connect();
      const late = (
        each.server as unknown as { registerTool(name: string, config: object, work: () => object): { update(changes: object): void } }
      ).registerTool('late', {}, () => ({ content: [] }));
      await each.call('late');
      late.update({ callback: () => ({ content: [] }) });
      await each.call('late');
    }
    instrumentation.disable();
    expect(both(pair)).toEqual(both(bare));
    for (const each of [pair, bare]) await each.close();
  });
});

describe('disable() restores', () => {
  it('prototypes of adopted classes, and what their instances got', async () => {
    for (const { prototype } of [ServerV1, ClientV1, ServerV2, ClientV2])
      for (const each of [prototype, ...lineOf(prototype)]) instrumentation.adoptProtocolClass(each);
    for (const { prototype } of [McpServerV1, McpServerV2]) instrumentation.adoptMcpServerClass(prototype);
    for (const { prototype } of [StdioV1, StdioV2]) instrumentation.adoptStdioTransportClass(prototype);
    const pairs = generations.map(({ make }) => make());
    for (const pair of pairs) {
      await pair.connect();
      await pair.call('echo');
    }
    expect(ledger.ended.filter(({ name }) => name.startsWith('tools/call'))).toHaveLength(4);
    instrumentation.disable();
    expectPrototypesAsBefore();
    for (const [index, pair] of pairs.entries()) {
      const bare = generations[index]?.make();
      await bare?.connect();
      await bare?.call('echo');
      expect(bare === undefined ? undefined : both(bare)).toEqual(both(pair));
      await pair.close();
      await bare?.close();
    }
  });

  it('handlers of HTTP, and those that factories made', async () => {
    const factory = (): McpServerV2 => new McpServerV2({ name: 'x', version: '1' }, { capabilities: { tools: {} } });
    const [bare, named, made] = [
      createMcpHandler(factory),
      createMcpHandler(factory),
      instrumentation.wrapHandlerFactory(createMcpHandler)(factory),
    ];
    instrumentation.instrumentHandler(named);
    for (const handler of [bare, named, made]) await (await handler.fetch(modernRequest({ id: 1, method: 'ping' }))).text();
    expect(shapeOf(named)).not.toEqual(shapeOf(bare));
    instrumentation.disable();
    expect([shapeOf(named), shapeOf(made)]).toEqual([shapeOf(bare), shapeOf(bare)]);
    await Promise.all([bare, named, made].map((handler) => handler.close()));
  });

  it('what others have wrapped since is theirs, and works without us', async () => {
    for (const { make } of generations) {
      const pair = make();
      instrumentation = ledger.instrumentation();
      instrumentation.instrumentServer(pair.server);
      await pair.connect();
      const { transport } = (pair.server as unknown as { server: { transport: { send: (...args: unknown[]) => unknown } } }).server;
      const ours = transport.send;
      let passed = 0;
      const theirs = function (this: unknown, ...args: unknown[]): unknown {
        passed += 1;
        return ours.apply(this, args);
      };
      transport.send = theirs;
      instrumentation.disable();
      const before = ledger.ended.length;
      await pair.call('echo');
      expect([transport.send, passed, ledger.ended.length]).toEqual([theirs, 1, before]);
      await pair.close();
    }
  });
});
