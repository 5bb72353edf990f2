import { TelemetryStore } from '../../../src/testing/telemetryStore.js';
import type { Signal } from '../../../src/testing/records.js';

/**
 * How a back end treats requests from now on: takes them, refuses them for now (503, or UNAVAILABLE), reads them and never
 * answers, or keeps them at once and answers so many milliseconds later.
 */
export type Behaviour = 'taking' | 'refusing' | 'hanging' | { readonly answersAfterMs: number };

/** What a front has to do with a request. */
export type Answer = 'success' | 'refusal' | 'none';

/** Listens on one port, for as long as it is up; its connections are cut when it goes down. */
export interface Listener {
  close(): Promise<void>;
}
export type Listen = (port: number, take: (signal: Signal, body: Buffer) => Promise<Answer>) => Promise<Listener>;

/** Stands for Tempo or Loki, which take a request as a whole or not at all. What it took is kept however often it goes down. */
export class BackEnd {
  readonly port: number;
  readonly store = new TelemetryStore(Number.MAX_SAFE_INTEGER);
  readonly #listen: Listen;
  #listener: Listener | undefined;
  #behaviour: Behaviour = 'taking';

  constructor(listen: Listen, port: number) {
    this.#listen = listen;
    this.port = port;
  }

  behave(behaviour: Behaviour): void {
    this.#behaviour = behaviour;
  }

  async up(): Promise<void> {
    this.#listener ??= await this.#listen(this.port, (signal, body) => this.#take(signal, body));
  }

  /** As after kill -9: connections end without an answer, and nobody listens. */
  async down(): Promise<void> {
    const listener = this.#listener;
    this.#listener = undefined;
    await listener?.close();
  }

  async #take(signal: Signal, body: Buffer): Promise<Answer> {
    const behaviour = this.#behaviour;
    if (this.#listener === undefined || behaviour === 'hanging') return 'none';
    if (behaviour === 'refusing') return 'refusal';
    this.store.accept(signal, 'protobuf', body);
    if (behaviour !== 'taking') await new Promise((resolve) => setTimeout(resolve, behaviour.answersAfterMs));
    return 'success';
  }
}
