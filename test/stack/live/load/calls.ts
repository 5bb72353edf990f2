import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';

type Arguments = Readonly<Record<string, unknown>>;

/** A client for what a fault does to a server: it connects when it is needed, again if it has to, and does not care how calls end. */
export class Calls implements AsyncDisposable {
  readonly #url: string;
  #client: Promise<Client> | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  /** Resolves when the call has ended, in whatever way. */
  async call(name: string, args: Arguments = {}): Promise<void> {
    try {
      const client = await (this.#client ??= this.#connect());
      await client.callTool({ name, arguments: { ...args } });
    } catch (error) {
      // The server may have been started anew, and knows the session no more.
      if (typeof (error as { code?: unknown }).code !== 'number') await this[Symbol.asyncDispose]();
    }
  }

  /** The same call many times, all at once. */
  async burst(count: number, name: string, args: Arguments = {}): Promise<void> {
    await Promise.all(Array.from({ length: count }, () => this.call(name, args)));
  }

  async #connect(): Promise<Client> {
    const client = new Client({ name: 'faults', version: '1.0.0' });
    await client.connect(new StreamableHTTPClientTransport(new URL(this.#url)));
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    await client?.then((connected) => connected.close()).catch(() => undefined);
  }
}
