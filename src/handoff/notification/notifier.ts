import type { Clock } from '../../time/clock.js';
import { isOverWithin } from '../../time/within.js';
import { Alertmanager, RESEND_MS } from './alertmanager.js';
import type { AlertNotice } from './alertNotice.js';
import { createDelivery } from './delivery.js';
import type { DeliveryDependencies, RetryPauses } from './delivery.js';
import { Webhook } from './webhook.js';

/** Who is told. All of it has defaults. */
export interface AlertTargets {
  /** Base addresses of every member of an Alertmanager cluster. Default: none. */
  readonly alertmanagerUrls?: readonly string[] | undefined;
  /** File with a bearer token for Alertmanager, read for each request. Default: none. */
  readonly alertmanagerBearerTokenFile?: string | undefined;
  /** File with `user:password` for Alertmanager, read for each request; not used where there is a token. Default: none. */
  readonly alertmanagerBasicAuthFile?: string | undefined;
  /** Where each notice is posted as JSON. Default: none. */
  readonly webhookUrls?: readonly string[] | undefined;
  /** Key of the signature of what is posted there. Default: it is not signed. */
  readonly webhookSecret?: string | undefined;
  /** Longest time for one request, in milliseconds, 100 or more. Default 5000. */
  readonly timeoutMs?: number | undefined;
}

export interface NotifierDependencies extends Omit<DeliveryDependencies, 'signal'> {
  readonly clock: Clock;
  /** Default: the first after about a second, then up to half a minute apart, five in all. */
  readonly pauses?: RetryPauses;
}

const PAUSES: RetryPauses = { firstMs: 1000, longestMs: 30_000, repetitions: 5 };
const DEFAULT_TIMEOUT_MS = 5000;

/**
 * Tells Alertmanager and webhooks of alerts, beside everything else: nothing here throws, rejects, blocks or keeps the process alive, and
 * what waits is bounded.
 */
export class Notifier {
  readonly #deps: NotifierDependencies;
  #alertmanagers: readonly Alertmanager[] = [];
  #webhooks: readonly Webhook[] = [];
  /** What the targets were made from, and the alerts that hold: a new target learns of those. */
  #targets = '';
  readonly #holding = new Map<string, AlertNotice>();
  #closing = new AbortController();
  readonly #pending = new Set<Promise<unknown>>();
  #isResending = false;

  constructor(targets: AlertTargets, deps: NotifierDependencies) {
    this.#deps = deps;
    this.configure(targets);
  }

  /** Tells others from now on. What is under way to the former targets is finished; the alerts that hold are told to a new Alertmanager. */
  configure(targets: AlertTargets): void {
    const text = JSON.stringify(targets);
    if (text === this.#targets) return;
    this.#targets = text;
    const { clock, onDelivery, pauses = PAUSES } = this.#deps;
    const { alertmanagerUrls = [], webhookUrls = [], webhookSecret, timeoutMs = DEFAULT_TIMEOUT_MS } = targets;
    const deps = { ...this.#deps, signal: this.#closing.signal };
    const secrets = { bearerTokenFile: targets.alertmanagerBearerTokenFile, basicAuthFile: targets.alertmanagerBasicAuthFile };
    this.#alertmanagers = alertmanagerUrls.map(
      (url) => new Alertmanager({ url, ...secrets, timeoutMs }, createDelivery('alertmanager', pauses, deps), clock),
    );
    this.#webhooks = webhookUrls.map(
      (url) => new Webhook({ url, secret: webhookSecret, timeoutMs }, createDelivery('webhook', pauses, deps), { clock, onDelivery }),
    );
    for (const notice of this.#holding.values()) this.#keep(notice);
  }

  /** Tells of an alert that is raised, and goes on to. Resolves with whether every target was told. */
  raised(key: string, notice: AlertNotice): Promise<boolean> {
    this.#hold(key, notice);
    return this.#tellAll(notice);
  }

  /** Goes on to tell Alertmanager of an alert of which others have told. */
  held(key: string, notice: AlertNotice): void {
    const isNew = !this.#holding.has(key);
    this.#hold(key, notice);
    this.#keep(notice);
    if (isNew) this.#resend();
  }

  /** Stops that, without a word: others go on, or have told the end. */
  released(key: string): void {
    this.#holding.delete(key);
    for (const each of this.#alertmanagers) each.forget(key);
  }

  /** Tells of the end of an alert, or of an error, which has none. */
  told(key: string, notice: AlertNotice): Promise<boolean> {
    this.#holding.delete(key);
    return this.#tellAll(notice);
  }

  /** What waits to be told, for reports about memory. */
  get waiting(): number {
    return [...this.#alertmanagers, ...this.#webhooks].reduce((sum, { waiting }) => sum + waiting, 0);
  }

  /** Waits up to `limitMs` for what is under way, and gives up the rest. */
  async stop(limitMs: number): Promise<void> {
    await isOverWithin(limitMs, Promise.all(this.#pending));
    this.#closing.abort(new Error('stopped'));
    this.#holding.clear();
  }

  #hold(key: string, notice: AlertNotice): void {
    this.#holding.set(key, notice);
    if (!this.#isResending) void this.#resendByInterval();
  }

  #keep(notice: AlertNotice): void {
    for (const each of this.#alertmanagers) each.keep(notice);
  }

  #resend(): void {
    for (const each of this.#alertmanagers) void this.#track(each.send());
  }

  async #resendByInterval(): Promise<void> {
    const { signal } = this.#closing;
    this.#isResending = true;
    while (this.#holding.size > 0 && !signal.aborted) {
      await this.#deps.clock.sleep(RESEND_MS, { signal, unref: true }).catch(() => undefined);
      if (!signal.aborted) this.#resend();
    }
    this.#isResending = false;
  }

  async #tellAll(notice: AlertNotice): Promise<boolean> {
    const told = [...this.#alertmanagers, ...this.#webhooks].map((target) => target.tell(notice));
    const results = await this.#track(Promise.all(told));
    return results.every(Boolean);
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#pending.add(work);
    void work.finally(() => this.#pending.delete(work));
    return work;
  }
}
