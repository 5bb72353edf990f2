import { InMemoryServerEventBus } from '@modelcontextprotocol/server';
import type { ServerEventBus } from '@modelcontextprotocol/server';
import type { InboxWatch } from './inboxWatch.js';

/**
 * What the subscriptions of Streamable HTTP listen to: the events of this process, and the inboxes in the database. The SDK selects
 * those that a subscription asked for.
 */
export function inboxBus(watch: InboxWatch): ServerEventBus {
  const own = new InMemoryServerEventBus();
  return {
    publish: (event) => own.publish(event),
    subscribe: (listener) => {
      const endOwn = own.subscribe(listener);
      const endWatch = watch.listen((uri) => listener({ kind: 'resource_updated', uri }));
      return () => {
        endOwn();
        endWatch();
      };
    },
  };
}
