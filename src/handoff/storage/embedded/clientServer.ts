import { rmSync } from 'node:fs';
import { type Server, createServer } from 'node:net';
import { addressFolder, makePrivateFolder } from './address.js';
import { ClientSession } from './clientSession.js';
import { type SharedBackend, Turns } from './turns.js';

/** Far above all pools together: 10 connections in each of 100 servers. Refusing one fails its transactions. */
const connectionsMax = 1000;

/** How long connections with work in flight may continue after the owner has begun to stop. */
const drainMs = 500;

/** A running server; `turns` shows when the backend is free for housekeeping. */
export interface ClientServer {
  readonly turns: Turns;
  /** Lets work in flight finish (bounded), then ends every connection and removes the socket. */
  stop(): Promise<void>;
}

/** Listens at `address` and shares `backend` among all clients. Call only while holding the owner lock. */
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
      // Their open transactions are now being rolled back.
      await turns.idle();
    },
  };
}

async function listen(server: Server, address: string): Promise<void> {
  const folder = addressFolder(address);
  if (folder !== undefined) {
    makePrivateFolder(folder);
    // Left behind by an owner that was killed. Only the holder of the lock may remove it.
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
