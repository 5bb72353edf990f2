import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

/** A network path to a server on 127.0.0.1 that can be slow, or closed. */
export class Door implements AsyncDisposable {
  readonly port: number;
  /** By how much everything is delayed, each way. */
  latencyMs: number;
  readonly #targetPort: number;
  readonly #sockets = new Set<Socket>();
  #server: Server;

  private constructor(server: Server, port: number, targetPort: number, latencyMs: number) {
    this.#server = server;
    this.port = port;
    this.#targetPort = targetPort;
    this.latencyMs = latencyMs;
    this.#listenTo(server);
  }

  static async open(targetPort: number, latencyMs = 0): Promise<Door> {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Door(server, (server.address() as { port: number }).port, targetPort, latencyMs);
  }

  /** Ends all connections; new ones are refused. */
  async refuse(): Promise<void> {
    for (const socket of this.#sockets) socket.resetAndDestroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Accepts connections again. */
  async accept(): Promise<void> {
    this.#server = createServer({ allowHalfOpen: true });
    this.#listenTo(this.#server);
    await once(this.#server.listen(this.port, '127.0.0.1'), 'listening');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#server.listening) await this.refuse();
  }

  #listenTo(server: Server): void {
    server.on('connection', (near: Socket) => {
      const far = connect(this.#targetPort, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.#sockets.add(from);
        from.setNoDelay(true);
        from.on('error', () => undefined);
        from.once('close', () => {
          this.#sockets.delete(from);
          to.destroy();
        });
        void this.#pass(from, to);
      }
    });
  }

  /** Keeps the order: each piece leaves when its delay is over, and not before the one that came before it. */
  async #pass(from: Socket, to: Socket): Promise<void> {
    let last = Promise.resolve();
    const later = (act: () => unknown): void => {
      const due = this.latencyMs === 0 ? Promise.resolve() : wait(this.latencyMs);
      last = Promise.all([last, due]).then(() => void act());
    };
    from.on('data', (chunk: Buffer) => later(() => to.write(chunk)));
    from.on('end', () => later(() => to.end()));
    await once(from, 'close').catch(() => undefined);
  }
}
