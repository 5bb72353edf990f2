import { quietly } from '../../../errors/quietly.js';
import type { Connection } from '../connection/connection.js';
import { Received } from '../connection/received.js';
import { Sent } from '../connection/sent.js';
import { isFunction } from '../../../values/guards.js';
import type { AnyFunction } from '../../../values/guards.js';
import type { TransportLike } from '../shapes.js';
import { guardAssigned, guardRead } from './accessorGuards.js';
import type { Guard } from './accessorGuards.js';
import type { ClassMethod } from './classMethod.js';
import type { HookState, Renewable } from './hookState.js';
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

/** What the hooks of all transports share. */
export interface SharedHooks {
  readonly starting: Starting;
  /** For transports that inherit their `send` from a class. */
  readonly sends: ClassMethod<HookState>;
}

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
export class TransportHook implements Renewable {
  readonly #transport: TransportLike;
  readonly #survey: TransportSurvey;
  readonly #shared: SharedHooks;
  readonly #state: HookState;
  readonly #patches: Partial<Record<Callback | 'send', Patch<TransportLike>>> = {};
  #guards: Map<keyof TransportLike, Guard> | undefined;
  #protocolHook: ProtocolHook | undefined;
  #onMessage: unknown;
  /** False while an SDK connects: the callbacks assigned then are its own. */
  #isConnected = true;

  /** `onClosed` is called whenever the transport has closed. */
  constructor(transport: TransportLike, survey: TransportSurvey, connection: Connection, shared: SharedHooks, onClosed: () => void) {
    this.#shared = shared;
    this.#transport = transport;
    this.#survey = survey;
    this.#state = {
      connection,
      received: new Received(connection),
      sent: new Sent(connection),
      live: true,
      arriving: undefined,
      takenOver: false,
      onClosed,
      hook: this,
      holder: undefined,
      method: undefined,
    };
  }

  /** For those who find it by the transport. */
  get state(): HookState {
    return this.#state;
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
      if (callbacks.some((key) => survey[key] === 'accessor' && this.#guards?.has(key) !== true)) this.#hookProtocol(false);
      this.#guard();
    }
    for (const key of callbacks) if (survey[key] === 'plain') this.#wrap(key, CALLBACKS[key]);
    if (survey.send === 'plain') this.#wrapSend();
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
    for (const patch of Object.values(this.#patches)) patch.restore();
    this.#state.holder = undefined;
    for (const guard of this.#guards?.values() ?? []) guard.restore();
    this.#guards = undefined;
    this.leaveProtocol();
    quietly(() => {
      this.#state.connection.close();
    });
  }

  /** Proxies take over the callbacks of a connected transport; otherwise their requests would wait for responses we never see. */
  reattach(): void {
    if (this.#survey.onmessage !== 'plain' || this.#transport.onmessage === this.#onMessage) return;
    this.attach();
    this.#state.takenOver = true;
  }

  keepSends(): void {
    if (this.#state.holder !== undefined && this.#transport.send !== this.#state.method) this.#wrapSend();
  }

  #wrapSend(): void {
    if (!this.#sendsByClass()) this.#wrap('send', onSend);
  }

  #sendsByClass(): boolean {
    // What is sent through both the instance's and the class's must be counted once.
    this.#state.holder = undefined;
    return this.#patches.send === undefined && this.#shared.sends.switchOn(this.#transport, this.#state);
  }

  #guard(): void {
    const guards = (this.#guards ??= new Map<keyof TransportLike, Guard>());
    for (const key of callbacks) {
      if (this.#survey[key] !== 'accessor' || guards.has(key)) continue;
      // As for a replaced plain callback, only immediately.
      const replaced = key === 'onmessage' ? (): void => void (this.#state.takenOver = this.#isConnected) : undefined;
      guards.set(
        key,
        guardAssigned(this.#transport, key, (given) => CALLBACKS[key](this.#state, given), replaced),
      );
    }
    if (this.#survey.send === 'accessor' && !guards.has('send'))
      guards.set(
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
      onStart: (start) => this.#shared.starting.during(start),
      onSend: sendsToo ? (original) => onSend(this.#state, original) : undefined,
    });
  }

  #wrap(key: Callback | 'send', make: Make): void {
    const current = this.#transport[key];
    if (this.#patches[key]?.is(current) === true) return;
    if (current === undefined && key !== 'onclose') return;
    if (current !== undefined && !isFunction(current)) return;
    // A patch that other code has replaced no longer has anything to restore.
    this.#patches[key] = new Patch(this.#transport, key, make(this.#state, current));
  }
}
