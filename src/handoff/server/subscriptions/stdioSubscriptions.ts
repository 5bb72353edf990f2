import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server';
import type { McpServer } from '@modelcontextprotocol/server';
import { INBOX_PREFIX, inboxNamedBy } from '../resources/inboxAddress.js';
import type { InboxWatch } from './inboxWatch.js';

/** The subscriptions of one stdio connection, in either era of the protocol. */
export interface StdioSubscriptions {
  /** Lets a server that is not yet connected offer subscriptions. */
  adopt(server: McpServer, era: 'legacy' | 'modern'): McpServer;
  /**
   * Takes note of how many `subscriptions/listen` are open, which the SDK answers without asking the server, and of the URIs that a
   * new one names.
   */
  setListening(open: number, named: readonly string[]): void;
  /** Nobody is told of anything any more. */
  end(): void;
}

/** Far more agents than one client speaks for. */
const MAX_ADDRESSES = 100;

/**
 * In the 2025 era a client names each inbox by `resources/subscribe`, and we select. In the 2026 era the SDK keeps the
 * subscriptions of the connection, and drops what none of them asked for. In both, a client is told of an inbox by the URI that it
 * used itself: it compares texts.
 */
export function stdioSubscriptions(watch: InboxWatch): StdioSubscriptions {
  /** The client's URI of each inbox, by its address. */
  const subscribed = new Map<string, string>();
  /** The same for listeners, who may spell an address in several ways. The SDK knows which of them are still open. */
  const spelt = new Map<string, string>();
  let open = 0;
  let current: { readonly server: McpServer; readonly era: 'legacy' | 'modern' } | undefined;
  let stop: (() => void) | undefined;

  function tell(address: string): void {
    if (current === undefined) return;
    const { server, era } = current;
    const legacy = subscribed.get(address);
    const uris = era === 'modern' ? [address, ...spellingsIn(spelt, address)] : legacy === undefined ? [] : [legacy];
    for (const uri of uris) {
      // A connection that has just closed takes no more.
      server.server.sendResourceUpdated({ uri }).catch(() => undefined);
    }
  }

  function watchIfNeeded(): void {
    const isNeeded = open > 0 || subscribed.size > 0;
    if (isNeeded) stop ??= watch.listen(tell);
    else {
      stop?.();
      stop = undefined;
    }
  }

  function answerSubscribe(server: McpServer): void {
    server.server.setRequestHandler('resources/subscribe', async ({ params: { uri } }) => {
      const address = inboxNamedBy(uri);
      if (address === undefined) throw refused(`${INBOX_PREFIX}{agentId}, without a query, is what can be subscribed to.`);
      const isFull = subscribed.size >= MAX_ADDRESSES && !subscribed.has(address);
      if (isFull) throw refused(`A connection has at most ${MAX_ADDRESSES} subscriptions.`);
      subscribed.set(address, uri);
      watchIfNeeded();
      return {};
    });
    server.server.setRequestHandler('resources/unsubscribe', async ({ params: { uri } }) => {
      subscribed.delete(inboxNamedBy(uri) ?? uri);
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
    setListening: (count, named) => {
      open = count;
      if (open === 0) spelt.clear();
      for (const uri of named) {
        const address = inboxNamedBy(uri);
        if (address !== undefined && address !== uri && spelt.size < MAX_ADDRESSES) spelt.set(uri, address);
      }
      watchIfNeeded();
    },
    end: () => {
      open = 0;
      subscribed.clear();
      spelt.clear();
      watchIfNeeded();
    },
  };
}

function spellingsIn(spelt: ReadonlyMap<string, string>, address: string): readonly string[] {
  return [...spelt].flatMap(([uri, of]) => (of === address ? [uri] : []));
}

function refused(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
