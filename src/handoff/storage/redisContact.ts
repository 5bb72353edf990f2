import { errorCode } from '../../errors/classify.js';
import { redisErrorType } from '../../telemetry/guard/redisErrorType.js';
import type { Clock } from '../../time/clock.js';
import { within } from '../../time/within.js';
import { isNodeless } from './nodelessCluster.js';
import { isSelectRefusal, type RedisClient } from './redisClient.js';
import { redisCause } from './redisFailure.js';

export interface RedisContactOptions {
  readonly commandTimeoutMs: number;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Called whenever there is a connection again, and for the first. Must not throw. */
  readonly onReady: () => void;
  /** Called with the reason why there is no connection, for each attempt that fails too. Must not throw. */
  readonly onLost: (error: Error) => void;
}

/** The words of ioredis for it, which telemetry knows. */
const CLOSED = 'Connection is closed.';

/** A connection that was ready for less than this has not been idle: the shortest idle time that Redis can be set to is a second. */
const LEAST_SERVED_MS = 500;

/** How soon another connection must be there for the end of one to be no loss. The first attempt is made after some 50 ms. */
const RECONNECT_MS = 1000;

/**
 * What becomes of the connection of a client. Redis and load balancers close connections on which nothing was sent for a while, and the
 * client makes another one: that is no loss of Redis. So the end of a connection is told only if no other one is made at once. What was
 * waiting for an answer fails by itself.
 */
export class RedisContact {
  /** Resolves when the attempt to connect that is under way has succeeded or failed, or took too long. Never rejects. */
  settled: Promise<void>;
  /** Why there is no connection. */
  refusal: Error | undefined;
  /** Why a connection that answers is none to write to: the client leaves such a one. */
  unfit: Error | undefined;
  readonly #client: RedisClient;
  readonly #options: RedisContactOptions;
  #readySinceMs: number | undefined;
  /** How the connection broke that is about to be closed. */
  #broken: Error | undefined;
  /** The connection leads to another database than it should, or to no node: ioredis calls it ready all the same. */
  #isMisplaced = false;
  #isClosed = false;

  constructor(client: RedisClient, options: RedisContactOptions) {
    this.#client = client;
    this.#options = options;
    client.on('error', this.#onError);
    client.on('ready', this.#onReady);
    client.on('close', this.#onClose);
    if (client.status === 'ready') this.#readySinceMs = options.clock.monotonicMs();
    this.settled = this.#attempt(options.commandTimeoutMs);
  }

  get isReady(): boolean {
    return this.#client.status === 'ready' && !this.#isMisplaced;
  }

  /** Nothing is told any more. The listener of errors stays: a late one of the socket must not end the process. */
  close(): void {
    this.#isClosed = true;
    this.#client.off('ready', this.#onReady);
    this.#client.off('close', this.#onClose);
  }

  /** Leaves the client to its owner, after `close()`. */
  leave(): void {
    this.#client.off('error', this.#onError);
  }

  async #attempt(limitMs: number): Promise<void> {
    if (this.#client.status === 'ready') return;
    const settled = Promise.withResolvers<undefined>();
    const done = (): void => {
      settled.resolve(undefined);
    };
    this.#client.on('ready', done);
    this.#client.on('error', done);
    // Its owner has ended the client, or wants no further attempts: waiting for one would delay calls, and the end of the process.
    this.#client.on('end', done);
    await within(limitMs, () => settled.promise).catch(() => undefined);
    this.#client.off('ready', done);
    this.#client.off('error', done);
    this.#client.off('end', done);
  }

  readonly #onReady = (): void => {
    if (this.#isMisplaced) return;
    this.#readySinceMs = this.#options.clock.monotonicMs();
    this.refusal = undefined;
    this.unfit = undefined;
    this.#broken = undefined;
    this.#options.onReady();
  };

  /** A server that shuts down cleanly closes the connection without an error; failed reconnects raise their own. */
  readonly #onClose = (): void => {
    const { commandTimeoutMs, clock } = this.#options;
    const servedMs = this.#readySinceMs === undefined ? undefined : clock.monotonicMs() - this.#readySinceMs;
    this.#readySinceMs = undefined;
    this.#isMisplaced = false;
    if (servedMs !== undefined && servedMs >= LEAST_SERVED_MS && this.unfit === undefined && this.refusal === undefined) {
      this.settled = this.#attempt(commandTimeoutMs);
      void this.#attempt(RECONNECT_MS).then(() => {
        if (!this.isReady && this.refusal === undefined) this.#tellClosed();
      });
    } else if (servedMs !== undefined || this.refusal === undefined) this.#tellClosed();
  };

  #tellClosed(): void {
    if (!this.#isClosed) this.#tell(this.unfit ?? this.#broken ?? new Error(CLOSED));
  }

  readonly #onError = (error: Error): void => {
    // The client's own commands on a connection that it has just left say nothing new.
    if (this.refusal !== undefined && redisErrorType(error) === 'not_connected') return;
    if (this.#readySinceMs !== undefined && isReset(error)) this.#broken = error;
    else this.#tell(error);
  };

  #tell(error: Error): void {
    this.refusal = redisCause(error);
    this.#isMisplaced ||= isSelectRefusal(error) || isNodeless(error);
    this.#options.onLost(this.refusal);
  }
}

/** The other side has ended the connection: that it is closed follows. */
function isReset(error: Error): boolean {
  return /^(?:ECONNRESET|EPIPE)$/.test(errorCode(error) ?? '');
}
