import { readFile } from 'node:fs/promises';
import { NotificationError } from '../../errors/notificationError.js';
import { errorType } from '../../telemetry/errorType.js';
import type { Clock } from '../../time/clock.js';
import { keyOf } from './alertNotice.js';
import type { AlertNotice } from './alertNotice.js';
import type { Deliver } from './delivery.js';
import type { Post } from './postJson.js';

export interface AlertmanagerSettings {
  readonly url: string;
  readonly bearerTokenFile?: string | undefined;
  readonly basicAuthFile?: string | undefined;
  readonly timeoutMs: number;
}

/** As Prometheus does: an alert is told again each minute, and is over by itself when it was not for four. */
export const RESEND_MS = 60_000;
const LASTS_MS = 4 * RESEND_MS;
/** An end is repeated for as long, so that one lost request does not matter. */
const END_REPEATED_MS = 5 * RESEND_MS;
/** An error has no end of its own. */
const ERROR_LASTS_MS = 5 * RESEND_MS;

/** Keeps one Alertmanager informed of the alerts that hold. What it is told is the whole state, so it does not matter what it missed. */
export class Alertmanager {
  readonly #settings: AlertmanagerSettings;
  readonly #deliver: Deliver;
  readonly #clock: Clock;
  readonly #notices = new Map<string, AlertNotice>();
  #current: Promise<boolean> = Promise.resolve(true);
  #next: Promise<boolean> | undefined;

  constructor(settings: AlertmanagerSettings, deliver: Deliver, clock: Clock) {
    this.#settings = settings;
    this.#deliver = deliver;
    this.#clock = clock;
  }

  /** Tells of a notice, and of all others again. Resolves with whether it was delivered; never rejects. */
  tell(notice: AlertNotice): Promise<boolean> {
    this.keep(notice);
    return this.send();
  }

  /** Tells of it with the next request. */
  keep(notice: AlertNotice): void {
    const ended = notice.kind === 'error' ? { ...notice, endsAtMs: notice.startsAtMs + ERROR_LASTS_MS } : notice;
    this.#notices.set(keyOf(notice), ended);
  }

  /** Tells no more of an alert that others go on to tell of. */
  forget(key: string): void {
    if (this.#notices.get(key)?.endsAtMs === undefined) this.#notices.delete(key);
  }

  get waiting(): number {
    return this.#notices.size;
  }

  /** Callers who come while a request is under way share the one after it. */
  send(): Promise<boolean> {
    this.#next ??= this.#current.then(() => {
      this.#next = undefined;
      this.#current = this.#sendAll();
      return this.#current;
    });
    return this.#next;
  }

  async #sendAll(): Promise<boolean> {
    this.#dropOld();
    if (this.#notices.size === 0) return true;
    return this.#deliver(() => this.#post());
  }

  #dropOld(): void {
    const nowMs = this.#clock.nowMs();
    for (const [key, { endsAtMs }] of this.#notices)
      if (endsAtMs !== undefined && nowMs - endsAtMs > END_REPEATED_MS) this.#notices.delete(key);
  }

  async #post(): Promise<Post> {
    const { url, timeoutMs } = this.#settings;
    const nowMs = this.#clock.nowMs();
    const body = JSON.stringify([...this.#notices.values()].map((notice) => alertOf(notice, nowMs)));
    const authorization = await this.#authorization();
    return {
      target: 'alertmanager',
      url: `${url.replace(/\/+$/, '')}/api/v2/alerts`,
      body,
      headers: authorization === undefined ? {} : { authorization },
      timeoutMs,
    };
  }

  /** Read for each request, so that a secret that is replaced needs no restart. */
  async #authorization(): Promise<string | undefined> {
    const { bearerTokenFile, basicAuthFile } = this.#settings;
    const file = bearerTokenFile ?? basicAuthFile;
    if (file === undefined) return undefined;
    try {
      const secret = (await readFile(file, 'utf8')).trim();
      return bearerTokenFile === undefined ? `Basic ${Buffer.from(secret).toString('base64')}` : `Bearer ${secret}`;
    } catch (error) {
      throw new NotificationError('alertmanager', { reason: `its secret cannot be read: ${errorType(error)}`, isPassing: true }, error);
    }
  }
}

/** Labels tell alerts apart, so they are the same on every server that tells of one; what varies is in the annotations. */
function alertOf(notice: AlertNotice, nowMs: number): object {
  const { kind, name, scope, title, severity, service, server, summary, advice, value, threshold, unit, startsAtMs, endsAtMs } = notice;
  return {
    labels: {
      alertname: title,
      job: service,
      area: 'handoff',
      // The words of the routes in dashboards/alerts/alertmanager.yaml.
      severity: severity === 'critical' ? 'page' : 'ticket',
      scope,
      ...(kind === 'error' ? { error_type: name } : {}),
    },
    annotations: {
      summary,
      description: advice,
      server,
      ...(value === undefined || unit === undefined ? {} : { value: `${value} ${unit}`, threshold: `${threshold ?? ''} ${unit}` }),
    },
    startsAt: new Date(startsAtMs).toISOString(),
    endsAt: new Date(endsAtMs ?? nowMs + LASTS_MS).toISOString(),
  };
}
