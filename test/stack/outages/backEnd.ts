import { TelemetryStore } from '../../../src/testing/telemetryStore.js';
import type { Signal } from '../../../src/testing/records.js';
import type { Address } from './address.js';

/**
 * How a back end treats requests from now on: takes them, refuses them for now (503, or UNAVAILABLE), reads them and never
 * answers, or keeps them at once and answers so many milliseconds later.
 */
export type Behaviour = 'taking' | 'refusing' | 'hanging' | { readonly answersAfterMs: number };

export type Answer = 'success' | 'refusal';

/** Listens at one address, for as long as it is up; its connections are cut when it goes down. */
export interface Listener {
  close(): Promise<void>;
}
/** Handles a request; what it is given answers it, and resolves when the answer has left or nobody waits for it any more. */
export type Take = (signal: Signal, body: Buffer, answer: (how: Answer) => Promise<void>) => Promise<void>;
export type Listen = (address: Address, take: Take) => Promise<Listener>;

/** Until the other side has read an answer, which a cut connection could take back. */
const ANSWER_TRAVELS_MS = 500;

/** Stands for Tempo or Loki, which take a request as a whole or not at all. What it took is kept however often it goes down. */
export class BackEnd {
  readonly address: Address;
  readonly store = new TelemetryStore(Number.MAX_SAFE_INTEGER);
  readonly #listen: Listen;
  #listener: Listener | undefined;
  #behaviour: Behaviour = 'taking';
  readonly #answering = new Set<Promise<void>>();

  constructor(listen: Listen, address: Address) {
    this.#listen = listen;
    this.address = address;
  }

  behave(behaviour: Behaviour): void {
    this.#behaviour = behaviour;
  }

  async up(): Promise<void> {
    this.#listener ??= await this.#listen(this.address, (...request) => this.#take(...request));
  }

  /**
   * As after kill -9: connections end without an answer, and nobody listens. But what it has taken it answers first: a request that is
   * taken and never answered arrives again, which is a case of its own.
   */
  async down(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    await Promise.all(this.#answering);
    await new Promise((resolve) => setTimeout(resolve, ANSWER_TRAVELS_MS));
    await listener?.close();
  }

  async #take(signal: Signal, body: Buffer, answer: (how: Answer) => Promise<void>): Promise<void> {
    const behaviour = this.#behaviour;
    if (this.#listener === undefined || behaviour === 'hanging') return;
    if (behaviour === 'refusing') {
      await answer('refusal');
      return;
    }
    this.store.accept(signal, 'protobuf', body);
    const answered = (async () => {
      if (behaviour !== 'taking') await new Promise((resolve) => setTimeout(resolve, behaviour.answersAfterMs));
      await answer('success');
    })();
    this.#answering.add(answered);
    await answered;
    this.#answering.delete(answered);
  }
}
