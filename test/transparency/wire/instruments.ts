import { Client as ClientV2 } from '@modelcontextprotocol/client';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport as StdioV1 } from '@modelcontextprotocol/sdk/server/stdio.js';
import { Protocol as ProtocolV1 } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { McpServer as McpServerV2, Server as ServerV2 } from '@modelcontextprotocol/server';
import { StdioServerTransport as StdioV2 } from '@modelcontextprotocol/server/stdio';
import type { McpHooks } from '../../../src/instrumentation/mcp/instrumentation.js';
import type { Side } from './recording.js';

/** Which parts of a conversation are instrumented, and how a rig has it done. Bare ones answer what they are given. */
export interface Instruments {
  readonly injecting: ReadonlySet<Side>;
  server<T>(server: T): T;
  client<T>(client: T): T;
  /** What `createMcpHandler()` returned. */
  handler<T>(handler: T): T;
  /** `createMcpHandler` itself. */
  factory<T>(factory: T): T;
  /** The transport `serveStdio()` is given. */
  wire<T>(transport: T): T;
}

const same = <T>(value: T): T => value;
const untouched = { server: same, client: same, handler: same, factory: same, wire: same };

export const bare: Instruments = { ...untouched, injecting: new Set() };

/** By explicit calls, for the named sides. */
export function explicit(mcp: McpHooks, ...sides: readonly Side[]): Instruments {
  const server = { server: mcp.instrumentServer, handler: mcp.instrumentHandler, wire: mcp.instrumentTransport };
  const client = { client: mcp.instrumentClient };
  return {
    ...untouched,
    injecting: new Set(sides),
    ...(sides.includes('server') ? server : {}),
    ...(sides.includes('client') ? client : {}),
  };
}

/** By the SDKs' classes, as discovery does it; no instance is named. */
export function adopted(mcp: McpHooks): Instruments {
  for (const base of [ProtocolV1.prototype, ...[ClientV2, ServerV2].map(({ prototype }) => Object.getPrototypeOf(prototype) as object)])
    mcp.adoptProtocolClass(base);
  for (const { prototype } of [McpServerV1, McpServerV2]) mcp.adoptMcpServerClass(prototype);
  for (const { prototype } of [StdioV1, StdioV2]) mcp.adoptStdioTransportClass(prototype);
  return { ...untouched, injecting: new Set(['client', 'server']), factory: mcp.wrapHandlerFactory };
}
