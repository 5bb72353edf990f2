import { connect, type Socket } from 'node:net';
import { EmbeddedUnavailableError } from '../../../errors/embeddedErrors.js';
import type { Clock } from '../../../time/clock.js';
import { backoffMs } from '../backoff.js';
import { isOurAddress, publishedAddress } from './address.js';
import { recordedOwner } from './ownerRecord.js';
import type { OwnerWorker } from './ownerWorker.js';

export interface MembershipDeps {
  readonly clock: Clock;
  /** Uniform in [0, 1); jitter only. */
  readonly random: () => number;
}

export interface MembershipOptions {
  readonly dataDir: string;
  readonly home: string;
  /** Creates this process's owner thread, which calls `onLost`. */
  readonly ownerWorker: (onLost: (reason: Error) => void) => Pick<OwnerWorker, 'bid' | 'stop'>;
}

/** The role of this process. `electing`: the last owner is gone and the next one is not known yet. */
export type Role = 'owner' | 'joined' | 'electing';

/** Interval of retries while another process holds the lock but does not listen yet, in milliseconds. */
const pollMs = 50;

/** The first failure may be one of the moment, such as what a killed owner left. */
const LASTING_FAILURES = 2;

/**
 * Keeps this process connected to the one owner of the database, or makes it the owner.
 *
 * - `electing`: connect to the published address; if nobody answers, bid for the lock; if it is taken, try again soon.
 *   Moves to `joined` once connected, to `owner` when the bid is won.
 * - `joined`: one connection, on which nothing is ever sent, shows when the owner is gone: back to `electing`.
 * - `owner`: the thread listens. Back to `electing` when it crashes; another process may be faster, which is just as good.
 * - `closed`: by `close()`, from anywhere.
 */
export class Membership {
  readonly #options: MembershipOptions;
  readonly #deps: MembershipDeps;
  readonly #worker: Pick<OwnerWorker, 'bid' | 'stop'>;
  readonly #closing = new AbortController();
  #role: Role = 'electing';
  #address: string | undefined;
  #watch: Socket | undefined;
  /** Why it is not open, as far as this process has tried since it last was. */
  #lastFailure: unknown;
  #failedBids = 0;
  #waiters = new Set<() => void>();

  constructor(options: MembershipOptions, deps: MembershipDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#worker = options.ownerWorker((reason) => {
      this.#lastFailure = reason;
      this.#electAgain();
    });
  }

  get role(): Role {
    return this.#role;
  }

  /** Joins or becomes the owner. Rejects with `EmbeddedOpenError` immediately, with `EmbeddedUnavailableError` after `limitMs`. */
  async open(limitMs: number): Promise<void> {
    const failed = this.#elect('first');
    await Promise.race([failed.then(() => this.reachable(limitMs)), this.reachable(limitMs)]);
  }

  /**
   * Resolves with the owner's address, once there is one. Rejects with `EmbeddedUnavailableError` after `limitMs`, or at once while one
   * attempt after the other to open the database fails: what is wrong with it (a full disk) lasts longer than any call.
   */
  async reachable(limitMs: number): Promise<string> {
    const startMs = this.#deps.clock.monotonicMs();
    for (;;) {
      if (this.#address !== undefined) return this.#address;
      const waitedMs = this.#deps.clock.monotonicMs() - startMs;
      if (waitedMs >= limitMs || this.#closing.signal.aborted || this.#failedBids >= LASTING_FAILURES) {
        throw this.unavailable(waitedMs);
      }
      await this.#change(limitMs - waitedMs);
    }
  }

  /** Returns the error for a call that timed out waiting: it names the blocking process and what to do about it. */
  unavailable(waitedMs: number): EmbeddedUnavailableError {
    const { dataDir, home } = this.#options;
    return new EmbeddedUnavailableError(dataDir, waitedMs, this.#lastFailure, recordedOwner(home));
  }

  /** Leaves. An owner checkpoints first, and is aborted after `limitMs`. */
  async close(limitMs: number): Promise<void> {
    this.#closing.abort(new Error('closed'));
    this.#watch?.destroy();
    await this.#worker.stop(limitMs);
    this.#become('electing', undefined);
  }

  #electAgain(): void {
    this.#become('electing', undefined);
    void this.#elect('again');
  }

  /** Ends when this process has a role or is closed. A failure to open the database ends it only the first time. */
  async #elect(occasion: 'first' | 'again'): Promise<void> {
    const { signal } = this.#closing;
    let failures = 0;
    while (!signal.aborted) {
      let pauseMs = pollMs;
      try {
        if ((await this.#join()) || (await this.#bid())) return;
        // Another process holds the lock, and may be opening the database: what this one failed of need not stop that one.
        this.#failedBids = 0;
      } catch (error) {
        if (occasion === 'first') throw error;
        this.#lastFailure = error;
        failures += 1;
        this.#failedBids = failures;
        this.#wakeWaiters();
        pauseMs = backoffMs(failures, this.#deps.random, 200, 10_000);
      }
      await this.#deps.clock.sleep(pauseMs, { signal, unref: true }).catch(() => undefined);
    }
  }

  async #bid(): Promise<boolean> {
    const address = await this.#worker.bid();
    if (address === undefined || this.#closing.signal.aborted) return false;
    this.#become('owner', address);
    return true;
  }

  async #join(): Promise<boolean> {
    const address = publishedAddress(this.#options.home);
    if (address === undefined || !isOurAddress(address)) return false;
    const socket = await knock(address);
    if (socket === undefined) return false;
    if (this.#closing.signal.aborted) {
      socket.destroy();
      return false;
    }
    // A thread that lost the bid is of no further use.
    void this.#worker.stop(1000);
    this.#watch = socket;
    socket.once('close', () => {
      if (!this.#closing.signal.aborted) this.#electAgain();
    });
    this.#become('joined', address);
    return true;
  }

  #become(role: Role, address: string | undefined): void {
    this.#role = role;
    this.#address = address;
    if (address !== undefined) {
      this.#lastFailure = undefined;
      this.#failedBids = 0;
    }
    this.#wakeWaiters();
  }

  #wakeWaiters(): void {
    for (const wake of this.#waiters) wake();
  }

  /** Resolves at the next change of role, or after `limitMs`. Its timer keeps the process alive, because a caller waits for an answer. */
  #change(limitMs: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(wake);
        resolve();
      };
      const timer = setTimeout(wake, limitMs);
      this.#waiters.add(wake);
    });
  }
}

/** Opens a connection to `address` that does not keep the process alive; undefined when nothing listens there. */
function knock(address: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address);
    socket.unref();
    // Whatever the owner sends when it ends, 'close' follows.
    socket.resume();
    socket.once('connect', () => {
      resolve(socket);
    });
    socket.on('error', () => {
      resolve(undefined);
    });
  });
}
