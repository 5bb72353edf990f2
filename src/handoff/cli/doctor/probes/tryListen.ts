import { createServer } from 'node:net';
import { errorCode } from '../../../../errors/classify.js';

/** Listens for a moment. Resolves with a word for why that is impossible, and with `undefined` when it is possible. */
export function tryListen(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error) => resolve(errorCode(error) ?? 'unknown'));
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  });
}
