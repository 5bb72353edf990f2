import type { ServerEvent } from '@modelcontextprotocol/server';
import { expect, it } from 'vitest';
import { inboxBus } from '../../../../../src/handoff/server/subscriptions/inboxBus.js';

it('tells subscribers of events of this process and of inboxes, until they end that', () => {
  const listeners = new Set<(address: string) => void>();
  const bus = inboxBus({
    listen: (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
  });
  const told: ServerEvent[] = [];
  const end = bus.subscribe((event) => void told.push(event));
  const arrive = (): void => {
    for (const tell of listeners) tell('handoff://handoffs/a');
    bus.publish({ kind: 'tools_list_changed' });
  };
  arrive();
  expect(told).toEqual([{ kind: 'resource_updated', uri: 'handoff://handoffs/a' }, { kind: 'tools_list_changed' }]);
  end();
  expect(listeners.size).toBe(0);
  arrive();
  expect(told).toHaveLength(2);
});
