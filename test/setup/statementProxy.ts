import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A network path to PostgreSQL on 127.0.0.1 on which one statement never gets through. */
export interface StatementProxy {
  readonly port: number;
  /** How many times the statement came. */
  met(): number;
  close(): Promise<void>;
}

/**
 * @param text part of the statement, as it is sent
 * @param fate `cut` ends the connection when it comes; `swallow` keeps it open and passes nothing on any more
 */
export async function startStatementProxy(targetPort: number, text: string, fate: 'cut' | 'swallow'): Promise<StatementProxy> {
  const sockets = new Set<Socket>();
  let met = 0;
  const server = createServer((client) => {
    const target = connect(targetPort, '127.0.0.1');
    let isSilent = false;
    for (const socket of [client, target]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => {
        sockets.delete(socket);
        client.destroy();
        target.destroy();
      });
    }
    target.on('data', (chunk) => isSilent || client.write(chunk));
    client.on('data', (chunk) => {
      if (chunk.includes(text)) {
        met += 1;
        isSilent = true;
        if (fate === 'cut') client.destroy();
      }
      if (!isSilent) target.write(chunk);
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as { port: number }).port,
    met: () => met,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
