import { expect, it } from 'vitest';
import { Adoption } from '../../../../../src/instrumentation/mcp/discovery/adoption.js';
import type { HandlerFactory, SdkAdopter } from '../../../../../src/instrumentation/mcp/discovery/types.js';
import type { LoadedModule } from '../../../../../src/instrumentation/loading/loadWatch.js';

const URL_OF_COPY = 'file:///app/node_modules/@modelcontextprotocol/sdk/dist/esm/shared/protocol.js';

class Protocol {
  connect(): void {}
  setRequestHandler(): void {}
  request(): void {}
}

function harness(changes: Partial<SdkAdopter> = {}): { adoption: Adoption; adopted: object[]; reports: string[] } {
  const adopted: object[] = [];
  const reports: string[] = [];
  const take = (found: object): void => void adopted.push(found);
  const adopter: SdkAdopter = {
    protocolClass: take,
    clientClass: take,
    mcpServerClass: take,
    stdioTransportClass: take,
    handlerFactory: (factory) => () => ['ours', factory()],
    ...changes,
  };
  return { adoption: new Adoption(adopter, (line) => void reports.push(line)), adopted, reports };
}

function moduleWith(values: Record<string, unknown>, replaced: Record<string, unknown> = {}): LoadedModule {
  return { url: URL_OF_COPY, format: 'esm', values, replace: (name, value) => Reflect.set(replaced, name, value) };
}

it('passes a class on once, and lists its copy by the way it was found first', () => {
  const { adoption, adopted } = harness();
  adoption.take(moduleWith({ Protocol }), 'load hook');
  adoption.take(moduleWith({ Protocol }), 'loaded');
  expect(adopted).toEqual([Protocol.prototype]);
  expect(adoption.copies()).toEqual([
    {
      package: '@modelcontextprotocol/sdk',
      version: 'unknown',
      format: 'esm',
      path: '/app/node_modules/@modelcontextprotocol/sdk',
      foundBy: 'load hook',
    },
  ]);
});

it('lists nothing for modules that have nothing of ours', () => {
  const { adoption, adopted } = harness();
  adoption.take(moduleWith({ Protocol: class {}, McpServer: undefined }), 'loaded');
  expect([adopted, adoption.copies()]).toEqual([[], []]);
});

it('replaces a factory by one that passes through once stopped, and does not wrap its own', () => {
  const { adoption } = harness();
  const replaced: Record<string, HandlerFactory> = {};
  const original: HandlerFactory = () => 'plain';
  adoption.take(moduleWith({ createMcpHandler: original }, replaced), 'loaded');
  const replacement = replaced['createMcpHandler'];
  const again: Record<string, unknown> = {};
  adoption.take(moduleWith({ createMcpHandler: replacement }, again), 'loaded');
  expect([replacement?.call(undefined), again]).toEqual([['ours', 'plain'], {}]);
  adoption.stop();
  expect(replacement?.call(undefined)).toBe('plain');
});

it('goes on with the other classes when one cannot be adopted, and says so', () => {
  const { adoption, adopted, reports } = harness({
    protocolClass: () => {
      throw new Error('frozen');
    },
  });
  class McpServer {
    connect(): void {}
    registerTool(): void {}
  }
  adoption.take(moduleWith({ Protocol, McpServer }), 'loaded');
  expect(adopted).toEqual([McpServer.prototype]);
  expect(reports).toEqual(['A class of an MCP SDK cannot be instrumented: frozen.']);
});

it('takes nothing once stopped', () => {
  const { adoption, adopted } = harness();
  adoption.stop();
  adoption.take(moduleWith({ Protocol }), 'load hook');
  expect(adopted).toEqual([]);
});

it('takes the classes of a bundle by a prototype that inherits from them, and lists its file', () => {
  class Server extends Protocol {}
  const { adoption, adopted } = harness();
  const file = { path: '/app/dist/server.mjs', format: 'esm' } as const;
  adoption.takeBundled({ prototype: Server.prototype, file });
  adoption.takeBundled({ prototype: Protocol.prototype, file });
  adoption.takeBundled({ prototype: Map.prototype, file: { path: '/app/other.mjs', format: 'esm' } });
  expect(adopted).toEqual([Protocol.prototype]);
  expect(adoption.copies()).toEqual([
    { package: 'bundled', version: 'unknown', format: 'esm', path: '/app/dist/server.mjs', foundBy: 'load hook' },
  ]);
});

it('takes the classes of a bundle whose file is not to be had', () => {
  const { adoption, adopted } = harness();
  adoption.takeBundled({ prototype: Protocol.prototype, file: undefined });
  expect([adopted, adoption.copies()[0]?.path]).toEqual([[Protocol.prototype], 'unknown']);
});

it('takes nothing of a bundle once stopped', () => {
  const { adoption, adopted } = harness();
  adoption.stop();
  adoption.takeBundled({ prototype: Protocol.prototype, file: undefined });
  expect(adopted).toEqual([]);
});
