import type { Connection } from '../connection/connection.js';
import { Received } from '../connection/received.js';
import { Sent } from '../connection/sent.js';
import { isFunction } from '../shapes.js';
import type { AnyFunction, TransportLike } from '../shapes.js';
import type { HookState } from './hookState.js';
import { onClose, onError, onMessage } from './incomingHooks.js';
import { Patch } from './patch.js';
import { quietly } from './quietly.js';
import { onSend } from './sendHook.js';

type Wrapped = 'onmessage' | 'send' | 'onclose' | 'onerror';

/**
 * Wraps the functions every message of a connection passes: `onmessage`, `send`, `onclose`, `onerror`. Must run when the SDK
 * has set its callbacks and before the transport starts, or messages queued in the transport are missed.
 *
 * In place and transparent: `this`, arguments, results, promises and exceptions stay what they were, and nothing
 * telemetry does can keep a message from its destination.
 */
export class TransportHook {
  readonly #transport: TransportLike;
  readonly #state: HookState;
  #patches: Patch<TransportLike>[] = [];
  #onMessage: unknown;

  /** `onClosed` is called whenever the transport has closed. */
  constructor(transport: TransportLike, connection: Connection, onClosed: () => void) {
    this.#transport = transport;
    this.#state = { connection, received: new Received(connection), sent: new Sent(connection), live: true, arriving: undefined, takenOver: false, onClosed, reattach: () => this.#reattach() };
  }

  /** Wraps what is not wrapped yet; again after somebody has set new callbacks. */
  attach(): void {
    this.#wrap('onmessage', onMessage);
    this.#wrap('send', onSend);
    this.#wrap('onclose', onClose);
    this.#wrap('onerror', onError);
    this.#onMessage = this.#transport.onmessage;
    this.#state.takenOver = false;
  }

  /** Proxies take over the callbacks of a connected transport; what they send would wait for answers nobody sees. */
  #reattach(): void {
    if (this.#transport.onmessage === this.#onMessage) return;
    this.attach();
    this.#state.takenOver = true;
  }

  /** Puts back the originals where nobody has wrapped them since, and ends what is open. */
  release(): void {
    this.#state.live = false;
    for (const patch of this.#patches.splice(0).reverse()) patch.restore();
    quietly(() => {
      this.#state.connection.close();
    });
  }

  #wrap(key: Wrapped, make: (state: HookState, original: AnyFunction | undefined) => AnyFunction): void {
    const current = this.#transport[key];
    if (this.#patches.some((patch) => patch.is(key, current))) return;
    if (current === undefined && key !== 'onclose') return;
    if (current !== undefined && !isFunction(current)) return;
    // One that was replaced by somebody has nothing to put back any more.
    this.#patches = this.#patches.filter((patch) => !patch.isFor(key));
    this.#patches.push(new Patch(this.#transport, key, make(this.#state, current)));
  }
}
