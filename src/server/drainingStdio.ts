import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/server';
import type { Writable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { GatheringStdioTransport } from './gatheringStdio.js';

/** Stays open for as long as the client listens; it is answered when the connection closes. */
const NEVER_AWAITED = 'subscriptions/listen';

/** The SDK drops some malformed requests without an answer: their ids must not pile up. */
const MAX_AWAITED = 10_000;

/**
 * A stdio transport that answers what it has taken before it goes.
 *
 * The SDK's closes the moment stdin ends: calls under way then take effect and their answers are lost, and a client that
 * writes its requests and closes its end, as a shell pipe does, gets none. Here the end of input, or of output, is only
 * reported by `gone`; the connection closes after `drain`. Delete when the SDK's waits for running requests by itself.
 */
export class DrainingStdioTransport extends GatheringStdioTransport {
  readonly #output: Writable;
  readonly #open = new Set<RequestId>();
  readonly #gone = Promise.withResolvers<void>();
  #idle: (() => void) | undefined;
  #isTaking = true;
  #isDrained = false;

  constructor(input: NodeJS.ReadStream, output: NodeJS.WriteStream, maxMessageBytes?: number) {
    super(input, output, maxMessageBytes);
    this.#output = output;
  }

  /** Resolves when the client has closed its end, or either stream cannot be used any more. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  override start(): Promise<void> {
    const deliver = this.onmessage;
    this.onmessage = (message) => {
      if (!this.#isTaking) return;
      this.#note(message);
      deliver?.(message);
    };
    return super.start();
  }

  override async send(message: JSONRPCMessage): Promise<void> {
    try {
      await super.send(message);
    } finally {
      if (!('method' in message) && message.id !== undefined) this.#settle(message.id);
    }
  }

  /** Takes nothing more and resolves when all that was taken is answered, at the latest after `limitMs`. */
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

  /** The SDK calls this at the end of a stream, too: before `drain` it only reports. */
  override close(): Promise<void> {
    this.#gone.resolve();
    if (!this.#output.writable) this.#idle?.();
    return this.#isDrained ? super.close() : Promise.resolve();
  }

  #note(message: JSONRPCMessage): void {
    if (!('method' in message)) return;
    if ('id' in message) {
      if (message.method !== NEVER_AWAITED) this.#await(message.id);
    } else if (message.method === 'notifications/cancelled') {
      // A cancelled request gets no answer.
      const id = message.params?.['requestId'];
      if (typeof id === 'string' || typeof id === 'number') this.#settle(id);
    }
  }

  #await(id: RequestId): void {
    const [oldest] = this.#open;
    if (this.#open.size >= MAX_AWAITED && oldest !== undefined) this.#open.delete(oldest);
    this.#open.add(id);
  }

  #settle(id: RequestId): void {
    if (this.#open.delete(id) && this.#open.size === 0) this.#idle?.();
  }
}
