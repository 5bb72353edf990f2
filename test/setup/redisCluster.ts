import { createServer } from 'node:net';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { freePort } from './freePort.js';
import { randomPassword, startThrowawayRedis } from './throwawayRedis.js';
import type { ThrowawayServer } from './throwawayServer.js';

const SLOTS = 16_384;
const NODES = 3;
/** Nodes talk to each other on the port that is this much higher; Redis 6 cannot be told another. */
const BUS_PORT_OFFSET = 10_000;
const READY_TIMEOUT_MS = 60_000;

/** A Redis Cluster of three masters without replicas, each with a third of the slots. */
export interface RedisCluster extends AsyncDisposable {
  readonly servers: readonly ThrowawayServer[];
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly password: string;
  /** Commands for one node itself, whatever slot they are about. */
  readonly admin: (node: number) => Redis;
  /** Gives a slot without keys to another node. Clients that have asked for the slots before learn of it by a redirection. */
  giveSlot(slot: number, to: number): Promise<void>;
  /** Begins to move a slot and does not go on: for keys that are not there the owner sends clients to `to` for once. */
  beginMigration(slot: number, to: number): Promise<void>;
}

/** @throws TestServiceError when this machine cannot run Redis. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const password = randomPassword();
  const settings = { 'cluster-enabled': 'yes', 'cluster-config-file': 'nodes.conf', 'cluster-node-timeout': '15000' };
  const servers: ThrowawayServer[] = [];
  const admins: Redis[] = [];
  const stop = async (): Promise<void> => {
    for (const admin of admins) admin.disconnect();
    await Promise.all(servers.map((server) => server.stop()));
  };
  try {
    for (let node = 0; node < NODES; node++) servers.push(await startThrowawayRedis({ settings, password, port: portWithBus }));
    admins.push(...servers.map(({ url }) => new Redis(url).on('error', () => undefined)));
    await join(admins, servers);
  } catch (error) {
    await stop();
    throw error;
  }
  const admin = (node: number): Redis => admins[node] ?? missing(node);
  const idOf = async (node: number): Promise<string> => String(await admin(node).cluster('MYID'));
  const ownerOf = async (slot: number): Promise<number> => {
    for (let node = 0; node < NODES; node++)
      if ((await slotsOf(admin(node))).some(([first, last]) => slot >= first && slot <= last)) return node;
    return missing(slot);
  };
  return {
    servers,
    nodes: servers.map(({ port }) => ({ host: '127.0.0.1', port })),
    password,
    admin,
    giveSlot: async (slot, to) => {
      const id = await idOf(to);
      const from = await ownerOf(slot);
      // A node that imports a slot gets a newer epoch with it; otherwise the nodes may come to disagree whose it is.
      if (from !== to) await admin(to).cluster('SETSLOT', slot, 'IMPORTING', await idOf(from));
      await admin(to).cluster('SETSLOT', slot, 'NODE', id);
      for (let node = 0; node < NODES; node++) if (node !== to) await admin(node).cluster('SETSLOT', slot, 'NODE', id);
    },
    beginMigration: async (slot, to) => {
      const from = await ownerOf(slot);
      await admin(to).cluster('SETSLOT', slot, 'IMPORTING', await idOf(from));
      await admin(from).cluster('SETSLOT', slot, 'MIGRATING', await idOf(to));
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function join(admins: readonly Redis[], servers: readonly ThrowawayServer[]): Promise<void> {
  const share = Math.ceil(SLOTS / admins.length);
  for (const [node, admin] of admins.entries()) {
    const slots = Array.from({ length: Math.min(share, SLOTS - node * share) }, (_, index) => node * share + index);
    await admin.cluster('ADDSLOTS', ...slots);
    // Nodes that begin with one epoch settle it among themselves after they have met. A node whose epoch rises meanwhile takes back a slot
    // that was just given away, and two nodes then send each other's clients back and forth for ever.
    await admin.cluster('SET-CONFIG-EPOCH', node + 1);
  }
  // The first knows all others, and they learn of each other from it.
  for (const { port } of servers.slice(1)) await admins[0]?.cluster('MEET', '127.0.0.1', port);
  const deadlineMs = performance.now() + READY_TIMEOUT_MS;
  while (!(await Promise.all(admins.map(isComplete))).every(Boolean)) {
    if (performance.now() > deadlineMs)
      throw new Error(`The nodes of a Redis Cluster did not find each other within ${READY_TIMEOUT_MS / 1000} s.`);
    await wait(50);
  }
}

async function isComplete(admin: Redis): Promise<boolean> {
  const info = String(await admin.cluster('INFO'));
  return info.includes('cluster_state:ok') && info.includes(`cluster_slots_assigned:${SLOTS}`) && info.includes(`cluster_size:${NODES}`);
}

/** Ranges of slots a node itself has. */
async function slotsOf(admin: Redis): Promise<readonly (readonly [first: number, last: number])[]> {
  const own =
    String(await admin.cluster('NODES'))
      .split('\n')
      .find((line) => line.includes('myself')) ?? '';
  return own
    .split(' ')
    .slice(8)
    .filter((range) => /^\d/.test(range))
    .map((range) => {
      const [first = 0, last = first] = range.split('-').map(Number);
      return [first, last] as const;
    });
}

function missing(what: number): never {
  throw new Error(`there is no node for ${what}`);
}

export async function portWithBus(): Promise<number> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const port = await freePort();
    if (port + BUS_PORT_OFFSET <= 65_535 && (await isFree(port + BUS_PORT_OFFSET))) return port;
  }
  throw new Error('No port is free that has a free one 10000 above it, which Redis Cluster needs.');
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    if (server.listening) {
      server.close();
      await once(server, 'close');
    }
  }
}
