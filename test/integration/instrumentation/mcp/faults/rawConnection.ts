import { setImmediate } from 'node:timers/promises';
import { inspect } from 'node:util';
import { InMemoryTransport as InMemoryTransportV1 } from '@modelcontextprotocol/sdk/inMemory.js';
import { McpServer as McpServerV1 } from '@modelcontextprotocol/sdk/server/mcp.js';
import { RootsListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { InMemoryTransport as InMemoryTransportV2, McpServer as McpServerV2 } from '@modelcontextprotocol/server';
import { describe } from './strays.js';

/** A transport as tests misuse it: any object is sent, any callback replaced. */
export interface Wire {
  start(): Promise<void>;
  send(message: unknown, options?: unknown): Promise<void>;
  close(): Promise<void>;
  onmessage?: ((message: unknown, extra?: unknown) => void) | undefined;
  onclose?: (() => void) | undefined;
  onerror?: ((error: Error) => void) | undefined;
}

type Work = () => unknown;

/** An `McpServer` of either generation with what callers can address: tools, prompts, a resource, a notification. */
export interface RawServer {
  readonly server: { connect(transport: never): Promise<void>; close(): Promise<void> };
  /** The low-level server. */
  readonly protocol: { onerror?: (error: Error) => void; transport?: unknown };
  tool(name: string, work: Work): object;
  prompt(name: string, work: Work): object;
  resource(uri: string, work: Work): object;
  /** Runs on `notifications/roots/list_changed`. */
  onTold(work: Work): void;
  pair(): [client: Wire, server: Wire];
}

export const rawServers: readonly { readonly name: string; readonly make: () => RawServer }[] = [
  {
    name: 'SDK v1',
    make: () => {
      const server = new McpServerV1({ name: 'raw', version: '1' }, { capabilities: { logging: {}, tools: { listChanged: true } } });
      return {
        server,
        protocol: server.server,
        tool: (name, work) => server.registerTool(name, {}, work as never),
        prompt: (name, work) => server.registerPrompt(name, {}, work as never),
        resource: (uri, work) => server.registerResource(uri, uri, {}, work as never),
        onTold: (work) => {
          server.server.setNotificationHandler(RootsListChangedNotificationSchema, work as never);
        },
        pair: () => InMemoryTransportV1.createLinkedPair() as unknown as [Wire, Wire],
      };
    },
  },
  {
    name: 'SDK v2',
    make: () => {
      const server = new McpServerV2({ name: 'raw', version: '1' }, { capabilities: { logging: {}, tools: { listChanged: true } } });
      return {
        server,
        protocol: server.server,
        tool: (name, work) => server.registerTool(name, {}, work as never),
        prompt: (name, work) => server.registerPrompt(name, {}, work as never),
        resource: (uri, work) => server.registerResource(uri, uri, {}, work as never),
        onTold: (work) => {
          server.server.setNotificationHandler('notifications/roots/list_changed', work as never);
        },
        pair: () => InMemoryTransportV2.createLinkedPair() as unknown as [Wire, Wire],
      };
    },
  },
];

/** What a server with nobody but us on its wire said and complained of. */
export interface Transcript {
  readonly answers: string[];
  readonly errors: string[];
}

/** Speaks JSON-RPC by hand to a server in memory: what is sent arrives as the very object. */
export class RawConnection {
  readonly transcript: Transcript = { answers: [], errors: [] };
  readonly wire: Wire;
  readonly serverSide: Wire;
  /** How the server's side delivers; may be replaced at any time, beneath whatever is wrapped around it. */
  deliver: (message: unknown, options?: unknown) => Promise<void>;
  readonly #raw: RawServer;

  constructor(raw: RawServer) {
    this.#raw = raw;
    [this.wire, this.serverSide] = raw.pair();
    this.deliver = this.serverSide.send.bind(this.serverSide);
    this.serverSide.send = (message, options) => this.deliver(message, options);
    this.wire.onmessage = (message) => this.transcript.answers.push(pictureOf(message));
    raw.protocol.onerror = (error) => this.transcript.errors.push(String(error));
  }

  async open(): Promise<this> {
    await this.#raw.server.connect(this.serverSide as never);
    await this.wire.start();
    return this;
  }

  /** Sends a message; notes what the transport throws. */
  async tell(message: unknown, extra?: unknown): Promise<void> {
    try {
      if (extra === undefined) await this.wire.send(message);
      else this.serverSide.onmessage?.(message, extra);
    } catch (thrown) {
      this.transcript.errors.push(`sending: ${describe(thrown)}`);
    }
  }

  /** Sends a message and waits for what it sets off. */
  async say(message: unknown, extra?: unknown): Promise<void> {
    await this.tell(message, extra);
    await quiet();
  }

  async close(): Promise<void> {
    await this.wire.close();
    await quiet();
  }
}

/** Until promises of handlers that answer at once have all been settled. */
export async function quiet(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await setImmediate();
}

/** A text of everything in a message but the trace context of what the server asks, without calling a getter or trap of the host's. */
function pictureOf(message: unknown): string {
  const { id, method } = message as { readonly id?: unknown; readonly method?: unknown };
  const shown = typeof method === 'string' ? { id, method } : message;
  return inspect(shown, { depth: 12, showProxy: true, getters: false, maxStringLength: 2000, sorted: true });
}
