import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A network path to a server on 127.0.0.1 that can start to swallow everything, both ways, without closing anything. */
export interface BlackHole {
  readonly port: number;
  /** Connections made so far and not yet reset or closed from both sides. */
  openConnections(): number;
  swallow(): void;
  /** Passes on what comes from now on; what was swallowed stays lost, and so do the connections it was on. */
  pass(): void;
  close(): Promise<void>;
}

export async function startBlackHole(targetPort: number): Promise<BlackHole> {
  const near = new Set<Socket>();
  const all = new Set<Socket>();
  let isSwallowing = false;
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const isLost = isSwallowing;
    const target = connect(targetPort, '127.0.0.1');
    near.add(client);
    client.once('close', () => near.delete(client));
    const lost = (): boolean => isLost || isSwallowing;
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      all.add(from);
      from.on('data', (chunk) => lost() || to.write(chunk));
      from.on('end', () => lost() || to.end());
      from.on('error', () => undefined);
      from.once('close', () => {
        all.delete(from);
        if (!lost()) to.destroy();
      });
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    openConnections: () => near.size,
    swallow: () => {
      isSwallowing = true;
    },
    pass: () => {
      isSwallowing = false;
    },
    close: async () => {
      for (const socket of all) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
