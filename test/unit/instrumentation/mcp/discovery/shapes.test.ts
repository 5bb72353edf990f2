import { Client } from '@modelcontextprotocol/client';
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js';
import { Protocol as Protocol1 } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { McpServer as McpServer1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport as Stdio1 } from '@modelcontextprotocol/sdk/server/stdio.js';
import { McpServer, Protocol, createMcpHandler } from '@modelcontextprotocol/server';
import { StdioServerTransport } from '@modelcontextprotocol/server/stdio';
import { expect, it } from 'vitest';
import {
  handlerFactory,
  mcpServerAbove,
  mcpServerPrototype,
  protocolAbove,
  protocolPrototype,
  stdioTransportPrototype,
} from '../../../../../src/instrumentation/mcp/discovery/shapes.js';

it('recognises the classes of both SDKs', () => {
  expect([Protocol1, Protocol].map(protocolPrototype)).toEqual([Protocol1.prototype, Protocol.prototype]);
  expect([McpServer1, McpServer].map(mcpServerPrototype)).toEqual([McpServer1.prototype, McpServer.prototype]);
  expect([Stdio1, StdioServerTransport].map(stdioTransportPrototype)).toEqual([Stdio1.prototype, StdioServerTransport.prototype]);
  expect(handlerFactory(createMcpHandler)).toBe(createMcpHandler);
});

it.each([undefined, null, {}, () => 1, class {}, Client, { prototype: { connect() {}, tool() {} } }])(
  'takes %s for none of them',
  (value) => {
    expect([protocolPrototype(value), mcpServerPrototype(value), stdioTransportPrototype(value)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  },
);

it('takes nothing but a function for a factory', () => {
  expect([handlerFactory({}), handlerFactory(undefined)]).toEqual([undefined, undefined]);
});

it('finds the class itself above those that extend it and override its methods', () => {
  class Own extends Client1 {
    override connect = super.connect;
  }
  class Tools extends McpServer1 {
    override async connect(): Promise<void> {}
    override registerTool = super.registerTool;
  }
  expect([Own.prototype, Client1.prototype, Protocol1.prototype].map(protocolAbove)).toEqual([
    Protocol1.prototype,
    Protocol1.prototype,
    Protocol1.prototype,
  ]);
  expect([Tools.prototype, McpServer.prototype].map(mcpServerAbove)).toEqual([McpServer1.prototype, McpServer.prototype]);
  expect([protocolAbove(McpServer.prototype), mcpServerAbove(Client.prototype), protocolAbove({})]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
