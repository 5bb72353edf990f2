import type { Agent } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { errorMessage } from '../../../errors/classify.js';
import { errorType } from '../../../telemetry/errorType.js';
import { VALUE_OTHER } from '../../../telemetry/semconv.js';
import type { Clock } from '../../../time/clock.js';
import type { LastRequest } from './lastRequest.js';
import type { OtlpTarget } from '../../settings/otlpTarget.js';
import { agentFor } from './agents.js';
import { NOT_OTLP, post } from './httpPost.js';
import type { PostResult } from './httpPost.js';
import { Progress } from './progress.js';
import { proxyVariables } from './proxyVariables.js';
import { askedMs, retryDelayMs } from './retryDelay.js';

export interface OtlpTransportOptions {
  readonly target: Pick<OtlpTarget, 'url' | 'compression' | 'timeoutMs' | 'tls'>;
  /** The target's headers, and those that the encoding requires. */
  readonly headers: Readonly<Record<string, string>>;
  readonly clock: Clock;
  /** Returns 0 to 1, to spread the retries of many processes. */
  readonly random: () => number;
  readonly connectTimeoutMs: number;
  /** Sends one body, which is already compressed, instead of a POST; used for gRPC. Never rejects. */
  readonly post?: (body: Uint8Array, timeoutMs: number) => Promise<PostResult>;
}

/** The receiver's answer to an accepted export, or why there was none. */
export type TransportResult =
  | { readonly accepted: true; readonly body: Uint8Array }
  | { readonly accepted: false; readonly reason: string; readonly errorType: string };

const RETRYABLE_STATUS = new Set([429, 502, 503, 504]);
const HURRIED_BACKOFF_MS = 200;
const compress = promisify(gzip);

/**
 * OTLP over HTTP for one signal: keep-alive connections, gzip, retries with backoff inside the target's timeout.
 *
 * The SDK's transport is not used: its sockets and retry timers keep a finished process alive for up to ten seconds when the
 * collector hangs or refuses. Here nothing does, and `close()` releases everything at once.
 */
export class OtlpTransport {
  readonly #options: OtlpTransportOptions;
  readonly #url: URL;
  readonly #closing = new AbortController();
  #patience = new AbortController();
  /** Created lazily, one for all requests: the connections of a second one would outlive `close()`. */
  #agent: Agent | undefined;

  constructor(options: OtlpTransportOptions) {
    this.#options = options;
    this.#url = new URL(options.target.url);
  }

  /** Sends one encoded export. Never rejects; ends within the target's timeout. */
  async send(encoded: Uint8Array, progress = new Progress()): Promise<TransportResult> {
    try {
      return await this.#sendWithRetries(encoded, progress);
    } catch (error) {
      if (this.#closing.signal.aborted) return { accepted: false, reason: 'stopped before it could be sent', errorType: 'stopped' };
      return { accepted: false, reason: errorMessage(error), errorType: errorType(error) };
    }
  }

  /** Returns the request that would carry `encoded`, for a process whose event loop will not run again. */
  lastRequest(encoded: Uint8Array): LastRequest {
    const { target, headers } = this.#options;
    const proxyEnv = proxyVariables();
    return {
      url: target.url,
      headers,
      gzip: target.compression === 'gzip',
      tls: target.tls?.() ?? {},
      ...(proxyEnv === undefined ? {} : { proxyEnv }),
      body: encoded,
    };
  }

  /**
   * Set while the process waits to end: current backoffs end now, and a failed export is retried once after 200 ms instead of
   * for the whole timeout. A process without a collector then ends at once, not after the flush bound.
   */
  setHurried(isHurried: boolean): void {
    if (isHurried) this.#patience.abort();
    else if (this.#patience.signal.aborted) this.#patience = new AbortController();
  }

  close(): void {
    this.#closing.abort();
    this.#agent?.destroy();
  }

  async #sendWithRetries(encoded: Uint8Array, progress: Progress): Promise<TransportResult> {
    // What a flush that ran out of time still had to send must not open new connections.
    this.#closing.signal.throwIfAborted();
    const { clock, target } = this.#options;
    const deadlineMs = clock.monotonicMs() + target.timeoutMs;
    const body = target.compression === 'gzip' ? await compress(encoded) : encoded;
    for (let attempt = 0, hurriedAttempts = 0; ; attempt += 1) {
      const result = await this.#post(body, deadlineMs - clock.monotonicMs(), progress);
      if (result.status !== undefined && result.status >= 200 && result.status < 300) {
        // The sign-in page of a proxy, or another web server: the batch is lost.
        if (result.isPage === true) return refused({ failure: NOT_OTLP }, undefined, target.timeoutMs);
        return { accepted: true, body: result.body ?? new Uint8Array() };
      }
      progress.failed();
      if (this.#patience.signal.aborted) hurriedAttempts += 1;
      const waitMs = this.#waitMs(result, attempt);
      const isRetryable = result.status === undefined || RETRYABLE_STATUS.has(result.status);
      const isOver = this.#closing.signal.aborted || hurriedAttempts > 1 || clock.monotonicMs() + waitMs >= deadlineMs;
      if (!isRetryable || isOver) return refused(result, isRetryable ? askedMs(result, clock) : undefined, target.timeoutMs);
      await this.#pause(waitMs);
    }
  }

  #waitMs(result: PostResult, attempt: number): number {
    if (this.#patience.signal.aborted) return HURRIED_BACKOFF_MS;
    const { clock, random } = this.#options;
    return retryDelayMs(result, attempt, clock, random);
  }

  /** Ends early, without failing, when the process waits to end; the next attempt is then made at once. */
  async #pause(waitMs: number): Promise<void> {
    const patience = this.#patience.signal;
    const signal = patience.aborted ? this.#closing.signal : AbortSignal.any([this.#closing.signal, patience]);
    try {
      await this.#options.clock.sleep(waitMs, { unref: true, signal });
    } catch (reason) {
      if (this.#closing.signal.aborted) throw reason;
    }
  }

  #post(body: Uint8Array, timeoutMs: number, progress: Progress): Promise<PostResult> {
    const { target, headers: given, connectTimeoutMs } = this.#options;
    if (this.#options.post !== undefined) return this.#options.post(body, timeoutMs);
    this.#agent ??= agentFor(this.#url, target.tls, connectTimeoutMs);
    const headers = target.compression === 'gzip' ? { ...given, 'Content-Encoding': 'gzip' } : given;
    return post({ url: this.#url, headers, agent: this.#agent, body, timeoutMs, connectTimeoutMs, progress });
  }
}

function refused({ status, grpcStatus, failure }: PostResult, retryMs: number | undefined, timeoutMs: number): TransportResult {
  // An operator who sees an export given up after one refusal should see why.
  const isTooLate = retryMs !== undefined && retryMs >= timeoutMs;
  const when = isTooLate ? `, to be retried only after ${Math.round(retryMs / 1000)} s, which is longer than an export may take` : '';
  const answer = grpcStatus === undefined ? `HTTP ${status}` : `gRPC status ${grpcStatus}`;
  if (status !== undefined) return { accepted: false, reason: `${answer}${when}`, errorType: String(status) };
  const reason = failure ?? 'no answer';
  if (reason === NOT_OTLP) return { accepted: false, reason: `${reason}: no collector listens there`, errorType: 'not_otlp' };
  // There are only a few errno-style codes; a sentence is either ours and says that time ran out, or Node's and could say anything.
  const isCode = /^E[A-Z0-9_]{2,30}$/.test(reason);
  return { accepted: false, reason, errorType: isCode ? reason : reason.endsWith(' in time') ? 'timeout' : VALUE_OTHER };
}
