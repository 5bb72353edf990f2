import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/server';
import type { Readable, Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MessageTooLargeError } from '../../errors/messageTooLargeError.js';
import { isMapping } from '../../values/guards.js';
import { GatheringStdioTransport } from './gatheringStdio.js';
import { onLongLine } from './lineLimit.js';
import { SlowReader } from './slowReader.js';

/** This request stays open as long as the client listens; it is answered when the connection closes. */
const NEVER_AWAITED = 'subscriptions/listen';

/** The SDK keeps at most about as many subscriptions, and refuses others. */
const MAX_LISTENING = 1024;

/** The SDK drops some malformed requests without an answer: their ids must not accumulate. */
const MAX_AWAITED = 10_000;

/** Margin by which our limit comes before the SDK's own, which only its text distinguishes from other failures. */
const SDK_LIMIT_LATER_BYTES = 1024 * 1024;
const DEFAULT_MAX_MESSAGE_BYTES = 10 * 1024 * 1024;

/**
 * A stdio transport that answers the requests it has accepted before it closes.
 *
 * The SDK's transport closes as soon as stdin ends: in-flight calls then take effect but their answers are lost, and a client
 * that writes its requests and closes its end, as a shell pipe does, gets none. Here the end of input or output is only
 * reported by `gone`; the connection closes after `drain`. Delete when the SDK's transport waits for running requests itself.
 */
export class DrainingStdioTransport extends GatheringStdioTransport {
  readonly #input: Readable;
  readonly #output: Writable;
  readonly #reader: SlowReader;
  readonly #maxMessageBytes: number;
  readonly #open = new Set<RequestId>();
  readonly #listening = new Set<RequestId>();
  readonly #gone = Promise.withResolvers<MessageTooLargeError | undefined>();
  #unwatch = (): void => undefined;
  #idle: (() => void) | undefined;
  /** Called with the number of open subscriptions when it changes, and with the URIs that a new one names. */
  onListening: (open: number, named: readonly string[]) => void = () => undefined;
  #isTaking = true;
  #isDrained = false;

  /** @param maxMessageBytes a longer line ends the connection; 10 MiB by default */
  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream, maxMessageBytes = DEFAULT_MAX_MESSAGE_BYTES) {
    super(input, output, maxMessageBytes + SDK_LIMIT_LATER_BYTES);
    this.#input = input;
    this.#output = output;
    this.#reader = new SlowReader(input, output);
    this.#maxMessageBytes = maxMessageBytes;
  }

  /**
   * Resolves when the client has closed its end or either stream is no longer usable; with an error when that is the
   * client's fault.
   */
  get gone(): Promise<MessageTooLargeError | undefined> {
    return this.#gone.promise;
  }

  override start(): Promise<void> {
    const deliver = this.onmessage;
    this.onmessage = (message) =>
      this.#reader.whenReading(() => {
        if (!this.#isTaking) return;
        this.#note(message);
        deliver?.(message);
      });
    const report = this.onerror;
    let isBroken = false;
    this.onerror = (error) => {
      if (!isBroken) report?.(error);
    };
    this.#unwatch = onLongLine(this.#input, this.#maxMessageBytes, (receivedBytes) => {
      const error = new MessageTooLargeError(this.#maxMessageBytes, receivedBytes);
      report?.(error);
      isBroken = true;
      this.#gone.resolve(error);
    });
    return super.start();
  }

  override async send(message: JSONRPCMessage): Promise<void> {
    // After the drain we do not wait for a client that does not read: closing would never finish.
    if (this.#isDrained && this.#output.writableNeedDrain) return;
    try {
      await super.send(message);
    } finally {
      if (!('method' in message) && message.id !== undefined) this.#settle(message.id);
    }
  }

  /** Accepts nothing more, and resolves when every accepted request is answered, at the latest after `limitMs`. */
  async drain(limitMs: number): Promise<void> {
    this.#isTaking = false;
    if (this.#open.size > 0 && this.#output.writable) {
      await new Promise<void>((resolve) => {
        const limit = setTimeout(resolve, limitMs);
        this.#idle = () => {
          clearTimeout(limit);
          resolve();
        };
      });
    }
    // The last answers are held until the turn ends: see GatheringStdioTransport.
    await nextTurn();
    this.#isDrained = true;
  }

  /** The SDK also calls this at the end of a stream; before `drain` it only reports. */
  override close(): Promise<void> {
    this.#gone.resolve(undefined);
    if (!this.#output.writable) this.#idle?.();
    if (!this.#isDrained) return Promise.resolve();
    this.#unwatch();
    return super.close();
  }

  #note(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    if ('id' in message) {
      if (message.method !== NEVER_AWAITED) this.#await(message.id);
      else if (this.#listening.size < MAX_LISTENING) this.onListening(this.#listening.add(message.id).size, urisOf(message.params));
    } else if (message.method === 'notifications/cancelled') {
      // A cancelled request gets no answer.
      const id = message.params?.['requestId'];
      if (typeof id !== 'string' && typeof id !== 'number') return;
      this.#settle(id);
      this.#stopListening(id);
    }
  }

  #await(id: RequestId): void {
    const [oldest] = this.#open;
    if (this.#open.size >= MAX_AWAITED && oldest !== undefined) this.#open.delete(oldest);
    this.#open.add(id);
  }

  #settle(id: RequestId): void {
    // A subscription that is answered was refused, or has ended.
    if (!this.#open.delete(id)) this.#stopListening(id);
    else if (this.#open.size === 0) this.#idle?.();
  }

  #stopListening(id: RequestId): void {
    if (this.#listening.delete(id)) this.onListening(this.#listening.size, []);
  }
}

/** The SDK refuses whatever has another form. */
function urisOf(params: unknown): readonly string[] {
  const filter = isMapping(params) ? params['notifications'] : undefined;
  const uris = isMapping(filter) ? filter['resourceSubscriptions'] : undefined;
  return Array.isArray(uris) ? uris.filter((uri) => typeof uri === 'string') : [];
}
