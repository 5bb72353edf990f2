import { Marks } from './scope/marks.js';
import type { Scope } from './scope/scope.js';

/** What is known about a low-level server or client. */
export interface KnownInstance {
  /** Set if it was handed over; all others are left alone unless their class was adopted. */
  scope: Scope | undefined;
  /** The `McpServer` around it. */
  server: object | undefined;
}

/** The servers and clients of a process, each with one mark for all that is known about it. */
export class KnownInstances {
  readonly #known = new Marks<object, KnownInstance>();

  find(protocol: object): Readonly<KnownInstance> | undefined {
    return this.#known.get(protocol);
  }

  /** Returns what is known, to add to it. */
  of(protocol: object): KnownInstance {
    let known = this.#known.get(protocol);
    if (known === undefined) {
      known = { scope: undefined, server: undefined };
      this.#known.set(protocol, known);
    }
    return known;
  }
}
