import type { Agent } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { errorMessage } from '../../errors/classify.js';
import type { Clock } from '../../time/clock.js';
import { post } from './httpPost.js';
import type { PostResult } from './httpPost.js';

/** What OpenTelemetry's own reading of OTEL_EXPORTER_OTLP_* yields for one signal. */
export interface OtlpEndpoint {
  readonly url: string;
  /** A new object each time; may ask a token service. */
  readonly headers: () => Promise<Record<string, string>>;
  readonly compression: 'gzip' | 'none';
  /** One export, retries included, milliseconds. */
  readonly timeoutMillis: number;
  readonly agentFactory: (protocol: string) => Agent | Promise<Agent>;
}

export interface OtlpTransportOptions {
  readonly endpoint: OtlpEndpoint;
  readonly clock: Clock;
  /** 0 to 1, spreads retries of many processes. */
  readonly random: () => number;
  readonly connectTimeoutMs: number;
}

/** The receiver's answer to an accepted export, or why there was none. */
export type TransportResult = { readonly accepted: true; readonly body: Uint8Array } | { readonly accepted: false; readonly reason: string };

const RETRYABLE_STATUS = new Set([429, 502, 503, 504]);
const FIRST_BACKOFF_MS = 1000;
const MAX_BACKOFF_MS = 5000;
const HURRIED_BACKOFF_MS = 200;
const compress = promisify(gzip);

/**
 * OTLP over HTTP for one signal: keep-alive connections, gzip, retries with backoff inside the endpoint's timeout.
 *
 * Why not the SDK's transport: its sockets and retry timers keep a finished process alive for up to ten seconds when
 * the collector hangs or refuses. Here nothing does, and `close()` lets go of everything at once.
 */
export class OtlpTransport {
  readonly #options: OtlpTransportOptions;
  readonly #url: URL;
  readonly #closing = new AbortController();
  #patience = new AbortController();
  /** One for all requests, also those that start together: a second one's connections would outlive `close()`. */
  #agent: Promise<Agent> | undefined;

  constructor(options: OtlpTransportOptions) {
    this.#options = options;
    this.#url = new URL(options.endpoint.url);
  }

  /** Sends one encoded export. Never rejects; ends within the endpoint's timeout. */
  async send(encoded: Uint8Array): Promise<TransportResult> {
    try {
      return await this.#sendWithRetries(encoded);
    } catch (error) {
      return { accepted: false, reason: this.#closing.signal.aborted ? 'stopped before it could be sent' : errorMessage(error) };
    }
  }

  /**
   * While the process waits to end: running back-offs end now, and an export that fails is tried once more after 200 ms
   * instead of for the whole timeout. A process without a collector then ends at once, not after the flush bound.
   */
  setHurried(isHurried: boolean): void {
    if (isHurried) this.#patience.abort();
    else if (this.#patience.signal.aborted) this.#patience = new AbortController();
  }

  close(): void {
    this.#closing.abort();
    void this.#agent?.then((agent) => agent.destroy(), () => undefined);
  }

  async #sendWithRetries(encoded: Uint8Array): Promise<TransportResult> {
    // What a flush that ran out of time still had to send must not open connections anew.
    this.#closing.signal.throwIfAborted();
    const { clock, endpoint } = this.#options;
    const deadlineMs = clock.monotonicMs() + endpoint.timeoutMillis;
    const body = endpoint.compression === 'gzip' ? await compress(encoded) : encoded;
    for (let attempt = 0, hurriedAttempts = 0; ; attempt += 1) {
      const result = await this.#post(body, deadlineMs - clock.monotonicMs());
      if (result.status !== undefined && result.status >= 200 && result.status < 300) {
        return { accepted: true, body: result.body ?? new Uint8Array() };
      }
      if (this.#patience.signal.aborted) hurriedAttempts += 1;
      const waitMs = this.#waitMs(result, attempt);
      const isRetryable = result.status === undefined || RETRYABLE_STATUS.has(result.status);
      const isOver = this.#closing.signal.aborted || hurriedAttempts > 1 || clock.monotonicMs() + waitMs >= deadlineMs;
      if (!isRetryable || isOver) return { accepted: false, reason: result.failure ?? `HTTP ${result.status ?? 0}` };
      await this.#pause(waitMs);
    }
  }

  #waitMs(result: PostResult, attempt: number): number {
    if (this.#patience.signal.aborted) return HURRIED_BACKOFF_MS;
    return retryAfterMs(result, this.#options.clock) ?? backoffMs(attempt, this.#options.random());
  }

  /** Ends early, without failing, when there is no more patience; then the next attempt is made at once. */
  async #pause(waitMs: number): Promise<void> {
    const patience = this.#patience.signal;
    const signal = patience.aborted ? this.#closing.signal : AbortSignal.any([this.#closing.signal, patience]);
    try {
      await this.#options.clock.sleep(waitMs, { unref: true, signal });
    } catch (reason) {
      if (this.#closing.signal.aborted) throw reason;
    }
  }

  async #post(body: Uint8Array, timeoutMs: number): Promise<PostResult> {
    const { endpoint, connectTimeoutMs } = this.#options;
    this.#agent ??= Promise.resolve(endpoint.agentFactory(this.#url.protocol));
    const agent = await this.#agent;
    const headers = await endpoint.headers();
    if (endpoint.compression === 'gzip') headers['Content-Encoding'] = 'gzip';
    return post({ url: this.#url, headers, agent, body, timeoutMs, connectTimeoutMs });
  }
}

function backoffMs(attempt: number, random: number): number {
  return Math.min(FIRST_BACKOFF_MS * 1.5 ** attempt, MAX_BACKOFF_MS) * (0.8 + random * 0.4);
}

function retryAfterMs({ retryAfter }: PostResult, clock: Clock): number | undefined {
  if (retryAfter === undefined) return undefined;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const dateMs = Date.parse(retryAfter);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - clock.nowMs());
}
