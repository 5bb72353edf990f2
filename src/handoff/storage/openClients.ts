import type { Client, ClientConfig } from 'pg';
import { cutOff } from './clientSocket.js';

/**
 * The clients of one pool whose connection is not yet closed, from the moment they are created. This includes those that are
 * still connecting, and those the pool has released that wait for the server to close its end.
 */
export class OpenClients {
  private readonly open = new Set<Client>();
  private readonly emptied: (() => void)[] = [];

  /** The class from which the pool creates its clients, derived from pg's own class. */
  trackedClass(Base: typeof Client): typeof Client {
    const track = (client: Client): void => this.track(client);
    return class TrackedClient extends Base {
      constructor(config?: string | ClientConfig) {
        super(config);
        track(this);
      }

      override connect(): Promise<Client>;
      override connect(callback: (error: Error) => void): void;
      override connect(callback?: (error: Error) => void): unknown {
        if (callback === undefined) return super.connect();
        // If no password was given, pg reports that but leaves the connection open; the server drops it after a minute, and until
        // then it would keep this process alive.
        return super.connect((error: Error | null) => {
          if (error !== null) cutOff(this);
          callback(error as Error);
        });
      }
    };
  }

  /** Resolves when all are closed. */
  async closed(): Promise<void> {
    if (this.open.size > 0) await new Promise<void>((resolve) => this.emptied.push(resolve));
  }

  cutOffAll(reason: Error): void {
    for (const client of this.open) cutOff(client, reason);
  }

  private track(client: Client): void {
    this.open.add(client);
    client.once('end', () => {
      this.open.delete(client);
      if (this.open.size > 0) return;
      for (const resolve of this.emptied.splice(0)) resolve();
    });
  }
}
