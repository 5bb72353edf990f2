import { createHmac, randomUUID } from 'node:crypto';
import type { Clock } from '../../time/clock.js';
import { keyOf } from './alertNotice.js';
import type { AlertNotice } from './alertNotice.js';
import type { Deliver, DeliveryDependencies } from './delivery.js';
import type { Post } from './postJson.js';

export interface WebhookSettings {
  readonly url: string;
  /** Key of the signature. Without, requests are not signed. */
  readonly secret?: string | undefined;
  readonly timeoutMs: number;
}

interface Waiting {
  readonly body: string;
  readonly done: (isDelivered: boolean) => void;
}

/** Beginnings and ends that wait for a webhook that is away; beyond it the oldest is dropped. */
const MAX_WAITING = 100;

/** Posts each notice to one address, one after the other. What it cannot take for long is dropped and counted. */
export class Webhook {
  readonly #settings: WebhookSettings;
  readonly #deliver: Deliver;
  readonly #clock: Clock;
  readonly #onDelivery: DeliveryDependencies['onDelivery'];
  readonly #waiting: Waiting[] = [];
  #isSending = false;

  constructor(
    settings: WebhookSettings,
    deliver: Deliver,
    { clock, onDelivery }: { clock: Clock } & Pick<DeliveryDependencies, 'onDelivery'>,
  ) {
    this.#settings = settings;
    this.#deliver = deliver;
    this.#clock = clock;
    this.#onDelivery = onDelivery;
  }

  /** Resolves with whether it was delivered. Never rejects. */
  tell(notice: AlertNotice): Promise<boolean> {
    return new Promise((resolve) => {
      this.#waiting.push({ body: bodyOf(notice), done: resolve });
      if (this.#waiting.length > MAX_WAITING) {
        this.#waiting.shift()?.done(false);
        this.#onDelivery('webhook', 'dropped');
      }
      if (!this.#isSending) void this.#send();
    });
  }

  async #send(): Promise<void> {
    this.#isSending = true;
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      const { body, done } = next;
      done(await this.#deliver(async () => this.#post(body)));
    }
    this.#isSending = false;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  #post(body: string): Post {
    const { url, secret, timeoutMs } = this.#settings;
    const headers = secret === undefined ? {} : { 'handoff-signature': signature(secret, this.#clock.nowMs(), body) };
    return { target: 'webhook', url, body, headers, timeoutMs };
  }
}

/** The time is signed too, so that a receiver can refuse a request that is played again. */
function signature(secret: string, nowMs: number, body: string): string {
  const seconds = Math.floor(nowMs / 1000);
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}

function bodyOf(notice: AlertNotice): string {
  const { startsAtMs, endsAtMs, ...facts } = notice;
  return JSON.stringify({
    version: 1,
    // The same for each attempt, so that a receiver knows what it has already.
    id: randomUUID(),
    key: keyOf(notice),
    status: endsAtMs === undefined ? 'firing' : 'resolved',
    ...facts,
    startsAt: new Date(startsAtMs).toISOString(),
    ...(endsAtMs === undefined ? {} : { endsAt: new Date(endsAtMs).toISOString() }),
  });
}
