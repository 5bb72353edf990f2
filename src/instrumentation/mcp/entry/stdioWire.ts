import { ROOT_CONTEXT } from '@opentelemetry/api';
import { SUCCEEDED, outcomeOfResponse } from '../message/outcome.js';
import { networkOf } from '../message/network.js';
import type { Network } from '../message/network.js';
import { guardAssigned, guardRead } from '../patching/accessorGuards.js';
import { Patch } from '../patching/patch.js';
import { surveyTransport } from '../patching/transportSurvey.js';
import type { TransportSurvey } from '../patching/transportSurvey.js';
import type { Scope } from '../scope/scope.js';
import { isFunction, isRecord } from '../../../values/guards.js';
import { isNotification, isRequest, isRequestId, isResponse, metaOf } from '../shapes.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { RequestId, RequestMessage, TransportLike } from '../shapes.js';
import { entryOperation } from './entryOperation.js';
import type { EntryRequest } from './entryOperation.js';
import { openSubscription } from './subscriptions.js';

/** How many unanswered requests a wire may have before the oldest is forgotten; those taken by a server are not among them. */
const MAX_WAITING = 1000;
const SUBSCRIPTION_META_KEY = 'io.modelcontextprotocol/subscriptionId';

/**
 * Watches the real transport under `serveStdio`, which opens the conversation itself: it rejects wrong versions and envelopes, and
 * serves `subscriptions/listen`, before or alongside any server. Requests taken by a server are counted there, not here: the
 * server sees the same message object, which shows that it was taken.
 */
export class StdioWire {
  readonly #scope: Scope;
  readonly #network: Network;
  readonly #waiting = new Map<RequestId, EntryRequest>();
  readonly #subscriptions = new Map<RequestId, () => void>();
  readonly #survey: TransportSurvey;
  readonly #patches: { restore(): void }[] = [];
  #live = true;

  /** Must be created after the callbacks are set; if the wire has accessors, before they are. */
  constructor(wire: TransportLike, scope: Scope, survey = surveyTransport(wire)) {
    this.#survey = survey;
    this.#scope = scope;
    this.#network = scope.settings.network ?? networkOf(wire);
    scope.shared.taken.watchWires();
    this.#wrap(wire, 'onmessage', (message) => {
      if (isRequest(message)) this.#arrived(message);
      else if (isNotification(message) && message.method === 'notifications/cancelled' && isRecord(message.params))
        this.#cancelled(message.params['requestId']);
    });
    this.#wrap(wire, 'send', (message) => {
      this.#sending(message);
    });
    this.#wrap(wire, 'onclose', () => {
      this.#closed();
    });
  }

  release(): void {
    this.#live = false;
    for (const patch of this.#patches.splice(0)) patch.restore();
    this.#closed();
  }

  #wrap(wire: TransportLike, key: 'onmessage' | 'send' | 'onclose', look: (message: unknown) => void): void {
    const isLive = (): boolean => this.#live;
    const around = (original: AnyFunction | undefined): AnyFunction =>
      function (this: unknown, ...args: unknown[]): unknown {
        if (isLive()) {
          try {
            look(args[0]);
          } catch {
            // The message is passed on.
          }
        }
        return original?.apply(this, args);
      };
    if (this.#survey[key] === 'accessor') {
      this.#patches.push(key === 'send' ? guardRead(wire, key, around) : guardAssigned(wire, key, around));
      return;
    }
    const original = wire[key];
    if (original !== undefined && !isFunction(original)) return;
    if (original === undefined && key !== 'onclose') return;
    this.#patches.push(new Patch(wire, key, around(original)));
  }

  #arrived(message: RequestMessage): void {
    if (this.#waiting.size >= MAX_WAITING) {
      const [oldest] = this.#waiting.keys();
      if (oldest !== undefined) this.#waiting.delete(oldest);
    }
    const startTimeMs = this.#scope.shared.emitter.clock.nowMs();
    this.#waiting.set(message.id, {
      message,
      network: this.#network,
      protocolVersion: undefined,
      extra: undefined,
      startTimeMs,
      ambient: ROOT_CONTEXT,
    });
  }

  #sending(message: unknown): void {
    if (isNotification(message) && message.method === 'notifications/subscriptions/acknowledged') {
      const id = metaOf(message.params)?.[SUBSCRIPTION_META_KEY];
      const request = isRequestId(id) ? this.#take(id) : undefined;
      const operation = request === undefined ? undefined : entryOperation(this.#scope, request);
      if (operation === undefined || !isRequestId(id)) return;
      operation.end(SUCCEEDED);
      this.#subscriptions.set(id, openSubscription(this.#scope, operation));
      return;
    }
    if (!isResponse(message) || isRequest(message)) return;
    this.#ended(message.id);
    const request = this.#take(message.id);
    if (request !== undefined) entryOperation(this.#scope, request)?.end(outcomeOfResponse(request.message.method, message, 'received'));
  }

  /** Returns the request waiting under an id, unless a server has taken it. */
  #take(id: RequestId): EntryRequest | undefined {
    const request = this.#waiting.get(id);
    this.#waiting.delete(id);
    return request === undefined || this.#scope.shared.taken.has(request.message) ? undefined : request;
  }

  #cancelled(id: unknown): void {
    if (!isRequestId(id)) return;
    this.#ended(id);
    this.#waiting.delete(id);
  }

  #ended(id: RequestId): void {
    this.#subscriptions.get(id)?.();
    this.#subscriptions.delete(id);
  }

  #closed(): void {
    this.#waiting.clear();
    for (const end of this.#subscriptions.values()) end();
    this.#subscriptions.clear();
  }
}
