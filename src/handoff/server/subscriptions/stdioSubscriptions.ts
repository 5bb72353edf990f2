import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { McpServer } from '@modelcontextprotocol/server';
import { INBOX_PREFIX, isInboxAddress } from './inboxAddress.js';
import type { InboxWatch } from './inboxWatch.js';

/** The subscriptions of one stdio connection, in either era of the protocol. */
export interface StdioSubscriptions {
  /** Lets a server that is not yet connected offer subscriptions. */
  adopt(server: McpServer, era: 'legacy' | 'modern'): McpServer;
  /** Takes note of how many `subscriptions/listen` are open, which the SDK answers without asking the server. */
  setListening(open: number): void;
  /** Nobody is told of anything any more. */
  end(): void;
}

/** Far more agents than one client speaks for. */
const MAX_ADDRESSES = 100;

/**
 * In the 2025 era a client names each inbox by `resources/subscribe`, and we select. In the 2026 era the SDK keeps the
 * subscriptions of the connection, and drops what none of them asked for.
 */
export function stdioSubscriptions(watch: InboxWatch): StdioSubscriptions {
  const addresses = new Set<string>();
  let open = 0;
  let current: { readonly server: McpServer; readonly era: 'legacy' | 'modern' } | undefined;
  let stop: (() => void) | undefined;

  function tell(uri: string): void {
    if (current === undefined || (current.era === 'legacy' && !addresses.has(uri))) return;
    // A connection that has just closed takes no more.
    current.server.server.sendResourceUpdated({ uri }).catch(() => undefined);
  }

  function watchIfNeeded(): void {
    const isNeeded = open > 0 || addresses.size > 0;
    if (isNeeded) stop ??= watch.listen(tell);
    else {
      stop?.();
      stop = undefined;
    }
  }

  function answerSubscribe(server: McpServer): void {
    server.server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
      if (!isInboxAddress(uri)) throw refused(`${INBOX_PREFIX}{agentId}, without a query, is what can be subscribed to.`);
      if (addresses.size >= MAX_ADDRESSES && !addresses.has(uri)) throw refused(`A connection has at most ${MAX_ADDRESSES} subscriptions.`);
      addresses.add(uri);
      watchIfNeeded();
      return {};
    });
    server.server.setRequestHandler('resources/unsubscribe', async ({ params: { uri } }) => {
      addresses.delete(uri);
      watchIfNeeded();
      return {};
    });
  }

  return {
    adopt: (server, era) => {
      current = { server, era };
      server.server.registerCapabilities({ resources: { subscribe: true } });
      if (era === 'legacy') answerSubscribe(server);
      return server;
    },
    setListening: (count) => {
      open = count;
      watchIfNeeded();
    },
    end: () => {
      open = 0;
      addresses.clear();
      watchIfNeeded();
    },
  };
}

function refused(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
