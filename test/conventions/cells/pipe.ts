import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** Joins its own stdin and stdout to a port: what the SDKs' stdio clients start, so that they have a real child with real pipes. */
const RELAY = `
const socket = require('node:net').connect(Number(process.argv[1]), '127.0.0.1');
process.stdin.pipe(socket);
socket.pipe(process.stdout);
socket.on('error', () => process.exit(0));
socket.on('close', () => process.exit(0));
`;

export interface PipeServer {
  readonly command: string;
  readonly args: string[];
  readonly close: () => Promise<void>;
}

/** Serves each child that the client starts in this process, where its telemetry can be read. */
export async function pipeServer(serve: (socket: Socket) => void): Promise<PipeServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    command: process.execPath,
    args: ['-e', RELAY, String((server.address() as AddressInfo).port)],
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const socket of sockets) socket.destroy();
      }),
  };
}
