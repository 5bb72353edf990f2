import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { toNodeHandler } from '@modelcontextprotocol/node';

type FetchHandler = Parameters<typeof toNodeHandler>[0];

/** HTTP servers on free ports of the loopback interface, for one test. */
export class HttpHost {
  /** Run last to first by `close`. */
  readonly closers: (() => unknown)[] = [];

  async listen(serve: (request: IncomingMessage, response: ServerResponse) => void): Promise<URL> {
    const server = createServer(serve);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.closers.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
  }

  /** Serves what `createMcpHandler` returned. */
  serve(handler: FetchHandler & { close(): Promise<void> }): Promise<URL> {
    this.closers.push(() => handler.close());
    const node = toNodeHandler(handler);
    return this.listen((request, response) => void node(request as Parameters<typeof node>[0], response));
  }

  async close(): Promise<void> {
    for (const close of this.closers.splice(0).reverse()) await close();
  }
}
