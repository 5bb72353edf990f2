import type { Client, ClientConfig } from 'pg';
import type { PostgresHost, PostgresHosts } from '../../values/postgresHosts.js';

/** No writable server among those of the address, or not this one. 25006 is PostgreSQL's own code for it. */
class NotWritable extends Error {
  override readonly name = 'NotWritable';
  readonly code = '25006';

  constructor({ host, port }: PostgresHost) {
    super(`the server ${host}:${port} does not accept writes`);
  }
}

/** Decides which of several servers the next connection goes to: the one that worked last, else the one after. */
export class HostChoice {
  readonly hosts: readonly PostgresHost[];
  readonly mustBeWritable: boolean;
  #current = 0;

  constructor({ hosts, mustBeWritable }: Pick<PostgresHosts, 'hosts' | 'mustBeWritable'>) {
    this.hosts = hosts;
    this.mustBeWritable = mustBeWritable;
  }

  get current(): PostgresHost {
    return this.hosts[this.#current] ?? { host: 'localhost', port: 5432 };
  }

  /** Another one may have said the same of that host before. */
  failed(host: PostgresHost): void {
    if (host === this.current) this.#current = (this.#current + 1) % this.hosts.length;
  }

  /** Each host has its part of the time that an attempt may take, so that one that does not answer leaves time for the others. */
  sharingTime(config: ClientConfig): ClientConfig {
    const { connectionTimeoutMillis } = config;
    return connectionTimeoutMillis === undefined
      ? config
      : { ...config, connectionTimeoutMillis: Math.ceil(connectionTimeoutMillis / this.hosts.length) };
  }

  /** Calls back without an error if a client that has just connected may be used. */
  check(client: Client, host: PostgresHost, callback: (error: Error) => void): void {
    if (!this.mustBeWritable) return callback(CONNECTED);
    client.query<{ readonly transaction_read_only: string }>('SHOW transaction_read_only').then(
      ({ rows: [row] }) => {
        if (row?.transaction_read_only === 'off') return callback(CONNECTED);
        this.failed(host);
        return callback(new NotWritable(host));
      },
      (error: unknown) => {
        this.failed(host);
        callback(error as Error);
      },
    );
  }
}

/**
 * The class from which a pool creates its clients, derived from pg's own. A pool makes the next attempt of a connection that failed with
 * a new client, which goes to the next host. After a failover the old primary refuses a write, its connections are given up, and new
 * ones find the server that is writable now.
 */
export function hostedClass(Base: typeof Client, choice: HostChoice): typeof Client {
  return class HostedClient extends Base {
    constructor(config?: string | ClientConfig) {
      super(typeof config === 'object' ? choice.sharingTime(config) : config);
    }

    override connect(): Promise<Client>;
    override connect(callback: (error: Error) => void): void;
    override connect(callback?: (error: Error) => void): unknown {
      if (callback === undefined) {
        return new Promise((resolve, reject) => {
          this.connect((error: Error | null) => (error === null ? resolve(this) : reject(error)));
        });
      }
      const host = choice.current;
      pointAt(this, host);
      return super.connect((error: Error | null | undefined) => {
        if (error === null || error === undefined) return choice.check(this, host, callback);
        choice.failed(host);
        return callback(error);
      });
    }
  };
}

/** What pg calls back with on success, which its types do not know. */
const CONNECTED = null as unknown as Error;

/** pg reads these when it connects; telemetry reads both. */
function pointAt(client: Client, { host, port }: PostgresHost): void {
  Object.assign(client, { host, port });
  const parameters: unknown = Reflect.get(client, 'connectionParameters');
  if (typeof parameters === 'object' && parameters !== null) Object.assign(parameters, { host, port });
}
