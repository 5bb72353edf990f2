import { OverloadedError } from '../../../src/errors/overloadedError.js';
import type { Admit } from '../../../src/handoff/server/admit.js';
import { handoffServerFactory } from '../../../src/handoff/server/createHandoffServer.js';
import { serveHandoffHttp } from '../../../src/handoff/server/http.js';
import type { Listening } from '../../../src/handoff/server/listen.js';
import { FakeSessions, LIMITS, summary } from '../../unit/handoff/server/fakeSessions.js';
import { LightConnection } from './lightConnection.js';

export const FATES = ['done', 'refused by the tool', 'refused at the door'] as const;
export type Fate = (typeof FATES)[number];

const CONNECTIONS = 32;
const RETRY_MS = 250;
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const overloaded = (): OverloadedError => new OverloadedError('queue_full', RETRY_MS);
const ADMIT: Readonly<Record<Fate, Admit>> = {
  done: (work) => work(),
  'refused by the tool': () => Promise.reject(overloaded()),
  'refused at the door': (work) => work(),
};

/** The turn of a call that nobody counts. */
const FREE = { done: () => undefined, failed: () => undefined, leave: () => undefined };

async function serve(fate: Fate): Promise<Listening> {
  const { sessions } = new FakeSessions({ summary: () => summary });
  return serveHandoffHttp({
    makeServer: handoffServerFactory({ sessions, limits: LIMITS, version: '1', admit: ADMIT[fate] }),
    log: silent,
    host: '127.0.0.1',
    port: 0,
    allowedHosts: ['127.0.0.1'],
    allowedOrigins: [],
    maxBodyBytes: 1_000_000,
    calls: {
      hasRoom: () => fate !== 'refused at the door',
      enter: () => FREE,
      refuse: () => RETRY_MS,
      mostOpen: Infinity,
      degraded: () => [],
    },
  });
}

/**
 * Measures what a call over HTTP costs this process, in µs of its CPU, without a database and with its client: calls that are done, and
 * calls that are refused, in turns. CPU time hardly depends on what else the machine does.
 */
export async function measureCosts(rounds: number, calls: number): Promise<ReadonlyMap<Fate, readonly number[]>> {
  const found = new Map<Fate, number[]>(FATES.map((fate) => [fate, []]));
  const servers = await Promise.all(FATES.map(async (fate) => ({ fate, listening: await serve(fate) })));
  for (let round = 0; round <= rounds; round += 1) {
    for (const { fate, listening } of round % 2 === 0 ? servers : servers.toReversed()) {
      const us = await usPerCall(listening.port, calls);
      // The first round has everything compiled.
      if (round > 0) found.get(fate)?.push(us);
    }
  }
  await Promise.all(servers.map(({ listening }) => listening.close(0)));
  return found;
}

async function usPerCall(port: number, calls: number): Promise<number> {
  const open: LightConnection[] = [];
  const request = requestOf(port);
  const before = process.cpuUsage();
  let left = calls;
  const caller = async (): Promise<void> => {
    const connection = new LightConnection(port, () => undefined);
    open.push(connection);
    for (; left > 0; left -= 1) await connection.send(request);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, caller));
  const { user, system } = process.cpuUsage(before);
  for (const connection of open) connection.giveUp();
  return (user + system) / calls;
}

function requestOf(port: number): string {
  const params = { name: 'get_summary', arguments: { sessionKey: 'k' } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
  return `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept: application/json, text/event-stream\r\nContent-Type: application/json\r\nMCP-Protocol-Version: 2025-06-18\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}
