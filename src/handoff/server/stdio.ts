import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { McpRequestContext, McpServer } from '@modelcontextprotocol/server';
import type { MessageTooLargeError } from '../../errors/messageTooLargeError.js';
import { DrainingStdioTransport } from './drainingStdio.js';
import { protocolErrorReports } from './protocolErrors.js';
import { createInboxWatch } from './subscriptions/inboxWatch.js';
import type { Arrivals } from './subscriptions/inboxWatch.js';
import { stdioSubscriptions } from './subscriptions/stdioSubscriptions.js';
import type { Log } from '../../telemetry/log.js';
import { systemClock } from '../../time/clock.js';

export interface StdioOptions {
  /** Creates one server, instrumented as the host wants. */
  readonly makeServer: () => McpServer;
  readonly log: Log;
  /** A longer message ends the connection. Default: the SDK's 10 MiB. */
  readonly maxMessageBytes?: number;
  /**
   * Asks for the handoffs of the last half minute, such as `handoffs.arrived` of the services. With it clients can subscribe to
   * inboxes; it is called every second while one has. Without it there are no subscriptions.
   */
  readonly arrivals?: Arrivals;
}

export interface StdioServing {
  /**
   * Resolves when the client has closed its end or can no longer be read from or written to; with an error when it
   * sent a message that is too large.
   */
  readonly closed: Promise<MessageTooLargeError | undefined>;
  /** Accepts no more calls, lets in-flight ones finish for up to `drainMs` (default 0), and closes. */
  close(drainMs?: number): Promise<void>;
}

/**
 * Serves MCP over this process's stdin and stdout, in both protocol eras. From here on stdout carries only
 * JSON-RPC: a single stray line there ends the client's session.
 */
export function serveHandoffStdio({ makeServer, log, maxMessageBytes, arrivals }: StdioOptions): StdioServing {
  const transport = new DrainingStdioTransport(process.stdin, process.stdout, maxMessageBytes);
  const subscriptions = arrivals === undefined ? undefined : stdioSubscriptions(createInboxWatch({ arrivals, clock: systemClock }));
  transport.onListening = (open, named) => subscriptions?.setListening(open, named);
  const makeOne = ({ era }: McpRequestContext): McpServer => subscriptions?.adopt(makeServer(), era) ?? makeServer();
  const handle = serveStdio(makeOne, {
    transport,
    onerror: protocolErrorReports(log),
  });
  return {
    closed: transport.gone,
    close: async (drainMs = 0) => {
      transport.onListening = () => undefined;
      subscriptions?.end();
      await transport.drain(drainMs);
      await handle.close();
    },
  };
}
