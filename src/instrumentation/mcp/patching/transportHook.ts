import { quietly } from '../../../errors/quietly.js';
import type { Connection } from '../connection/connection.js';
import { Received } from '../connection/received.js';
import { Sent } from '../connection/sent.js';
import { isFunction } from '../../../values/guards.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { TransportLike } from '../shapes.js';
import { guardAssigned, guardRead } from './accessorGuards.js';
import type { Guard } from './accessorGuards.js';
import type { HookState } from './hookState.js';
import { onClose, onError, onMessage } from './incomingHooks.js';
import { Patch } from './patch.js';
import { ProtocolHook } from './protocolHook.js';
import { onSend } from './sendHook.js';
import type { Starting } from './starting.js';
import type { TransportSurvey } from './transportSurvey.js';

type Make = (state: HookState, original: AnyFunction | undefined) => AnyFunction;

const CALLBACKS = { onmessage: onMessage, onclose: onClose, onerror: onError } as const satisfies Record<string, Make>;

type Callback = keyof typeof CALLBACKS;
const callbacks = Object.keys(CALLBACKS) as Callback[];

/**
 * Wraps the functions that the messages of a connection pass through: `onmessage`, `send`, `onclose`, `onerror`.
 *
 * It works in place and transparently: `this`, arguments, results, promises and exceptions stay the same, and nothing
 * telemetry does can keep a message from its destination.
 *
 * Plain properties are replaced after the SDK has set its callbacks and before the transport starts, or messages queued in the
 * transport would be missed. Accessors get one of ours in front, which must be there before the SDK sets its callbacks. If that is
 * too late, or a transport cannot be changed, the messages are seen at the server or client itself.
 */
export class TransportHook {
  readonly #transport: TransportLike;
  readonly #survey: TransportSurvey;
  readonly #starting: Starting;
  readonly #state: HookState;
  #patches: Patch<TransportLike>[] = [];
  readonly #guards = new Map<keyof TransportLike, Guard>();
  #protocolHook: ProtocolHook | undefined;
  #onMessage: unknown;
  /** False while an SDK connects: the callbacks assigned then are its own. */
  #isConnected = true;

  /** `onClosed` is called whenever the transport has closed. */
  constructor(transport: TransportLike, survey: TransportSurvey, connection: Connection, starting: Starting, onClosed: () => void) {
    this.#starting = starting;
    this.#transport = transport;
    this.#survey = survey;
    const reattach = survey.onmessage === 'plain' ? (): void => this.#reattach() : (): void => undefined;
    this.#state = {
      connection,
      received: new Received(connection),
      sent: new Sent(connection),
      live: true,
      arriving: undefined,
      takenOver: false,
      onClosed,
      reattach,
    };
  }

  /** Must be called before an SDK sets its callbacks, unless all functions are plain. */
  prepare(): void {
    this.#isConnected = false;
    this.#state.takenOver = false;
    if (this.#survey.isClosed) this.#hookProtocol(true);
    else this.#guard();
  }

  /** Wraps what is not wrapped yet: after an SDK set its callbacks, just now or long ago, and again after other code set new ones. */
  attach(): void {
    const survey = this.#survey;
    if (survey.isClosed) {
      this.#hookProtocol(true);
      return;
    }
    if (!survey.isPlain) {
      // A callback set before there was a guard cannot be distinguished from what the transport has made of it.
      if (callbacks.some((key) => survey[key] === 'accessor' && !this.#guards.has(key))) this.#hookProtocol(false);
      this.#guard();
    }
    for (const key of callbacks) if (survey[key] === 'plain') this.#wrap(key, CALLBACKS[key]);
    if (survey.send === 'plain') this.#wrap('send', onSend);
    if (survey.onmessage === 'plain') this.#onMessage = this.#transport.onmessage;
    this.#state.takenOver = false;
    this.#isConnected = true;
  }

  /** Removes the hooks from the server or client, which may be connected to another transport next. */
  leaveProtocol(): void {
    this.#protocolHook?.restore();
    this.#protocolHook = undefined;
  }

  /** Restores the originals unless they have been wrapped since, and ends what is open. */
  release(): void {
    this.#state.live = false;
    for (const patch of this.#patches.splice(0).reverse()) patch.restore();
    for (const guard of this.#guards.values()) guard.restore();
    this.#guards.clear();
    this.leaveProtocol();
    quietly(() => {
      this.#state.connection.close();
    });
  }

  /** Proxies take over the callbacks of a connected transport; otherwise their requests would wait for responses we never see. */
  #reattach(): void {
    if (this.#transport.onmessage === this.#onMessage) return;
    this.attach();
    this.#state.takenOver = true;
  }

  #guard(): void {
    for (const key of callbacks) {
      if (this.#survey[key] !== 'accessor' || this.#guards.has(key)) continue;
      // As for a replaced plain callback, only immediately.
      const replaced = key === 'onmessage' ? (): void => void (this.#state.takenOver = this.#isConnected) : undefined;
      this.#guards.set(
        key,
        guardAssigned(this.#transport, key, (given) => CALLBACKS[key](this.#state, given), replaced),
      );
    }
    if (this.#survey.send === 'accessor' && !this.#guards.has('send'))
      this.#guards.set(
        'send',
        guardRead(this.#transport, 'send', (read) => onSend(this.#state, read)),
      );
  }

  #hookProtocol(sendsToo: boolean): void {
    const { protocol } = this.#state.connection;
    if (protocol === undefined || this.#protocolHook !== undefined) return;
    this.#protocolHook = new ProtocolHook(protocol, this.#transport, {
      onMessage: (original) => onMessage(this.#state, original),
      onClose: (original) => onClose(this.#state, original),
      onStart: (start) => this.#starting.during(start),
      onSend: sendsToo ? (original) => onSend(this.#state, original) : undefined,
    });
  }

  #wrap(key: Callback | 'send', make: Make): void {
    const current = this.#transport[key];
    if (this.#patches.some((patch) => patch.is(key, current))) return;
    if (current === undefined && key !== 'onclose') return;
    if (current !== undefined && !isFunction(current)) return;
    // A patch that other code has replaced no longer has anything to restore.
    this.#patches = this.#patches.filter((patch) => !patch.isFor(key));
    this.#patches.push(new Patch(this.#transport, key, make(this.#state, current)));
  }
}
