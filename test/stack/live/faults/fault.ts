import type { BackEnds } from '../backEnds.js';
import type { Caller } from '../load/callers.js';
import type { Servers } from '../servers.js';

/** Everything that can be broken. */
export interface World extends BackEnds, Servers {
  /** Clients of the tool server and of the handoff server. */
  readonly callers: { readonly tools: readonly Caller[]; readonly handoff: readonly Caller[] };
}

/** An alert that a fault must raise. */
export interface ExpectedAlert {
  readonly name: string;
  /** Labels it must have, such as the service that has the fault. */
  readonly labels?: Readonly<Record<string, string>>;
}

/** Something that goes wrong, and what has to be noticed of it. */
export interface Fault {
  readonly name: string;
  readonly alerts: readonly ExpectedAlert[];
  /** Breaks it. */
  readonly begin?: (world: World) => Promise<void>;
  /** Done over and over until every alert has arrived: what makes the fault be felt. */
  readonly go?: (world: World) => Promise<void>;
  /** Mends it. */
  readonly end?: (world: World) => Promise<void>;
  /** Done over and over until every alert has cleared, such as calls that succeed. */
  readonly recover?: (world: World) => Promise<void>;
}
