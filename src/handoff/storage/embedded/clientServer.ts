import { rmSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import { addressFolder, makePrivateFolder } from './address.js';
import { ClientSession } from './clientSession.js';
import { type SharedBackend, Turns } from './turns.js';

/** Far above all pools together: a pool of 10 in each of 100 servers. Refusing one fails its transactions. */
const connectionsMax = 1000;

/** How long connections that have work under way may go on after the owner began to stop. */
const drainMs = 500;

/** A running server; `turns` tells when the backend is free for housekeeping. */
export interface ClientServer {
  readonly turns: Turns;
  /** Lets work under way end (bounded), then ends every connection and removes the socket. */
  stop(): Promise<void>;
}

/** Listens at `address` and shares `backend` among all who connect. Call only while holding the owner lock. */
export async function serveClients(
  address: string,
  backend: SharedBackend & { readonly greeting: Buffer },
  holdIdleMs: number,
): Promise<ClientServer> {
  const turns = new Turns(backend, holdIdleMs);
  const sessions = new Set<ClientSession>();
  let clientNumber = 0;
  const server = createServer((socket) => {
    clientNumber += 1;
    const session = new ClientSession(socket, turns, backend.greeting, clientNumber);
    sessions.add(session);
    socket.on('close', () => sessions.delete(session));
  });
  server.maxConnections = connectionsMax;
  await listen(server, address);
  return {
    turns,
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      await Promise.race([turns.idle(), new Promise((resolve) => setTimeout(resolve, drainMs))]);
      for (const session of sessions)
        session.end('57P01', 'The process that owned the embedded database is closing it; another takes over.');
      await closed;
      // What those connections had open is being rolled back now.
      await turns.idle();
    },
  };
}

async function listen(server: Server, address: string): Promise<void> {
  const folder = addressFolder(address);
  if (folder !== undefined) {
    makePrivateFolder(folder);
    // Left behind by an owner that was killed. Whoever holds the lock is the only one allowed to remove it.
    rmSync(address, { force: true });
  }
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
