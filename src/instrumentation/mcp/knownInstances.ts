import { Marks } from './scope/marks.js';
import type { Scope } from './scope/scope.js';

/** What is known about a low-level server or client. */
export interface KnownInstance {
  /** Set if it was handed over; all others are left alone unless their class was adopted. */
  scope: Scope | undefined;
  /** The `McpServer` around it. */
  server: object | undefined;
}

interface Owned extends KnownInstance {
  readonly owner: KnownInstances;
}

/**
 * One mark for all instrumentations of a process. With one for each, a server that lives long would keep all that were ever switched off:
 * unlike an entry of a weak map, a mark does not end with the map.
 */
const marked = new Marks<object, Owned>();

/** The servers and clients of a process, each with one mark for all that is known about it. */
export class KnownInstances {
  /** Those that bear the mark of another instrumentation. */
  readonly #others = new WeakMap<object, KnownInstance>();
  #isReleased = false;

  find(protocol: object): Readonly<KnownInstance> | undefined {
    return this.#own(protocol);
  }

  /** Returns what is known, to add to it. */
  of(protocol: object): KnownInstance {
    const own = this.#own(protocol);
    if (own !== undefined) return own;
    const known: Owned = { owner: this, scope: undefined, server: undefined };
    const present = marked.get(protocol);
    if (present === undefined || present.owner.#isReleased) marked.set(protocol, known);
    else this.#others.set(protocol, known);
    return known;
  }

  /** From now on other instrumentations may have the marks. */
  release(): void {
    this.#isReleased = true;
  }

  #own(protocol: object): KnownInstance | undefined {
    const known = marked.get(protocol);
    return known === undefined || known.owner === this ? known : this.#others.get(protocol);
  }
}
