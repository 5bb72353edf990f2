import { Client } from '@modelcontextprotocol/client';
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server';
import { afterEach, expect, it, vi } from 'vitest';
import { stdioSubscriptions } from '../../../../../src/handoff/server/subscriptions/stdioSubscriptions.js';

const clients: Client[] = [];
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
});

/** Subscriptions of a server, what it has told, and a handoff into an inbox. */
function watched() {
  const told: string[] = [];
  let arrive: ((address: string) => void) | undefined;
  const subscriptions = stdioSubscriptions({
    listen: (tell) => {
      arrive = tell;
      return () => (arrive = undefined);
    },
  });
  const server = new McpServer({ name: 'test', version: '1.0.0' }, { capabilities: { resources: {} } });
  return { told, subscriptions, server, arrives: (address: string) => arrive?.(address), isWatching: () => arrive !== undefined };
}

async function legacyClient() {
  const world = watched();
  const [clientEnd, serverEnd] = InMemoryTransport.createLinkedPair();
  await world.subscriptions.adopt(world.server, 'legacy').connect(serverEnd);
  const client = new Client({ name: 'test', version: '1.0.0' });
  client.setNotificationHandler('notifications/resources/updated', ({ params: { uri } }) => void world.told.push(uri));
  await client.connect(clientEnd);
  clients.push(client);
  return { ...world, client };
}

it('tells a client of an inbox by the URI that it subscribed to, however that is spelt', async () => {
  const { client, told, arrives } = await legacyClient();
  await client.subscribeResource({ uri: 'handoff://handoffs/team/b%6fb' });
  arrives('handoff://handoffs/other');
  arrives('handoff://handoffs/team%2Fbob');
  await expect.poll(() => told).toEqual(['handoff://handoffs/team/b%6fb']);
});

it('counts two spellings as one subscription, which either of them ends', async () => {
  const { client, told, arrives, isWatching } = await legacyClient();
  await client.subscribeResource({ uri: 'handoff://handoffs/bob' });
  await client.subscribeResource({ uri: 'HANDOFF://handoffs/b%6Fb' });
  arrives('handoff://handoffs/bob');
  await expect.poll(() => told).toEqual(['HANDOFF://handoffs/b%6Fb']);
  await client.unsubscribeResource({ uri: 'handoff://handoffs/bo%62' });
  expect(isWatching()).toBe(false);
});

it('tells listeners of the 2026 era by every spelling that they named, for as long as anybody listens', () => {
  const { subscriptions, server, told, arrives } = watched();
  server.server.sendResourceUpdated = async ({ uri }) => void told.push(uri);
  subscriptions.adopt(server, 'modern');
  subscriptions.setListening(1, ['handoff://handoffs/b%6fb', 'handoff://handoffs/other%21', 'handoff://handoffs/bob', 'nonsense']);
  arrives('handoff://handoffs/bob');
  expect(told.splice(0)).toEqual(['handoff://handoffs/bob', 'handoff://handoffs/b%6fb']);
  subscriptions.setListening(0, []);
  subscriptions.setListening(
    1,
    Array.from({ length: 300 }, (_, at) => `handoff://handoffs/${'%62'.repeat(at + 1)}`),
  );
  arrives('handoff://handoffs/bob');
  expect(told.splice(0)).toEqual(['handoff://handoffs/bob']);
  arrives(`handoff://handoffs/${'b'.repeat(100)}`);
  expect(told.splice(0)).toHaveLength(2);
  arrives(`handoff://handoffs/${'b'.repeat(101)}`);
  expect(told).toHaveLength(1);
});

it('has room for a hundred inboxes of a client, and for a subscription that it has already', async () => {
  const { client, subscriptions, isWatching } = await legacyClient();
  const subscribe = (agent: number): Promise<unknown> => client.subscribeResource({ uri: `handoff://handoffs/${agent}` });
  for (let agent = 0; agent < 100; agent += 1) await subscribe(agent);
  await expect(subscribe(100)).rejects.toThrow('at most 100 subscriptions');
  await expect(subscribe(99)).resolves.toEqual({});
  subscriptions.end();
  expect(isWatching()).toBe(false);
});

it('a connection that takes no more harms nobody', async () => {
  const { subscriptions, server, arrives } = watched();
  let sent = 0;
  server.server.sendResourceUpdated = () => {
    sent += 1;
    return Promise.reject(new Error('closed'));
  };
  subscriptions.adopt(server, 'modern');
  subscriptions.setListening(1, []);
  // A rejection that nobody handles fails the run, as it would end the server.
  arrives('handoff://handoffs/bob');
  await new Promise((resolve) => setImmediate(resolve));
  expect(sent).toBe(1);
});

it('leaves the subscriptions of the 2026 era to the SDK', () => {
  const { subscriptions, server } = watched();
  const handlers = vi.spyOn(server.server, 'setRequestHandler');
  subscriptions.adopt(server, 'modern');
  expect(handlers).not.toHaveBeenCalled();
});
