import type { Client, ClientConfig } from 'pg';
import { toError } from '../../errors/classify.js';
import type { Clock } from '../../time/clock.js';
import type { PostgresHost, PostgresHosts } from '../../values/postgresHosts.js';
import { cutOff } from './clientSocket.js';

/** No writable server among those of the address, or not this one. 25006 is PostgreSQL's own code for it. */
class NotWritable extends Error {
  override readonly name = 'NotWritable';
  readonly code = '25006';

  constructor(at: PostgresHost | undefined) {
    super(`the server${at === undefined ? '' : ` ${at.host}:${at.port}`} does not accept writes`);
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

  /** `undefined` where the address names none and pg knows where to go. */
  get current(): PostgresHost | undefined {
    return this.hosts[this.#current];
  }

  /** Another one may have said the same of that host before. */
  failed(host: PostgresHost | undefined): void {
    if (host === this.current && host !== undefined) this.#current = (this.#current + 1) % this.hosts.length;
  }

  /** Each host has its part of the time that an attempt may take, so that one that does not answer leaves time for the others. */
  sharingTime(config: ClientConfig): ClientConfig {
    const { connectionTimeoutMillis } = config;
    return connectionTimeoutMillis === undefined
      ? config
      : { ...config, connectionTimeoutMillis: Math.ceil(connectionTimeoutMillis / Math.max(1, this.hosts.length)) };
  }

  /**
   * Calls back without an error if a client that has just connected may be used.
   *
   * @param limitMs what is left of the host's part of the time; `undefined` means no limit
   */
  check(client: Client, host: PostgresHost | undefined, limitMs: number | undefined, callback: (error: Error) => void): void {
    if (!this.mustBeWritable) return callback(CONNECTED);
    // The pool listens only to clients it has been given: without this, a connection that ends now would end the process.
    client.on('error', ignoreWhileAsked);
    const timer = limitMs === undefined ? undefined : setTimeout(() => cutOff(client, new Error('timeout expired')), limitMs);
    const answer = (error: Error): void => {
      clearTimeout(timer);
      if (error !== CONNECTED) this.failed(host);
      callback(error);
      // What the pool refuses it closes, and that may fail too.
      if (error === CONNECTED) client.off('error', ignoreWhileAsked);
    };
    void client
      .query<{ readonly transaction_read_only: string }>('SHOW transaction_read_only')
      .then(({ rows: [row] }) => (row?.transaction_read_only === 'off' ? CONNECTED : new NotWritable(host)), toError)
      .then(answer);
  }
}

function ignoreWhileAsked(): void {}

/**
 * The class from which a pool creates its clients, derived from pg's own. A pool makes the next attempt of a connection that failed with
 * a new client, which goes to the next host. After a failover the old primary refuses a write, its connections are given up, and new
 * ones find the server that is writable now.
 */
export function hostedClass(Base: typeof Client, choice: HostChoice, clock: Pick<Clock, 'monotonicMs'>): typeof Client {
  return class HostedClient extends Base {
    readonly #limitMs: number | undefined;

    constructor(config?: string | ClientConfig) {
      const shared = typeof config === 'object' ? choice.sharingTime(config) : config;
      super(shared);
      this.#limitMs = typeof shared === 'object' ? shared.connectionTimeoutMillis : undefined;
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
      if (host !== undefined) pointAt(this, host);
      const startMs = clock.monotonicMs();
      return super.connect((error: Error | null | undefined) => {
        if (error === null || error === undefined) {
          const restMs = this.#limitMs === undefined ? undefined : Math.max(1, this.#limitMs - (clock.monotonicMs() - startMs));
          return choice.check(this, host, restMs, callback);
        }
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
