import type { BackEnds } from '../backEnds.js';
import type { Servers } from '../servers.js';
import type { Calls } from '../load/calls.js';

/** Everything that can be broken. */
export interface World extends BackEnds, Servers {
  /** Clients of the servers whose only traffic is what a fault makes of it. */
  readonly calls: {
    readonly tools: Calls;
    readonly slowTools: Calls;
    readonly handoff: Calls;
    readonly frail: Calls;
    readonly misled: Calls;
  };
}

/** An alert that a fault must raise. */
export interface ExpectedAlert {
  readonly name: string;
  /** Labels it must have, such as the service that has the fault. */
  readonly labels?: Readonly<Record<string, string>>;
  /** It is held back while another alert, which explains it, fires. */
  readonly isHeldBack?: true;
  /** It is of the Prometheus to which metrics are pushed, and the other has nothing of it: why. */
  readonly onlyPushed?: string;
}

/** Something that goes wrong, and what has to be noticed of it. */
export interface Fault {
  readonly name: string;
  readonly alerts: readonly ExpectedAlert[];
  /** It touches all telemetry or all notifications: nothing can be told of other faults while it lasts, so their alerts clear before. */
  readonly isAlone?: true;
  /** Why it is not in the core set that CI runs. */
  readonly notInCore?: string;
  /** Resolves when enough time has passed since the stack was started for the alerts to have something to compare with. */
  readonly ready?: (world: World) => Promise<unknown>;
  /** Breaks it. */
  readonly begin?: (world: World) => Promise<unknown>;
  /** Done over and over until every alert has arrived: what makes the fault be felt. */
  readonly go?: (world: World) => Promise<unknown>;
  /** How long it may take until every alert has arrived; 90 s when left out. */
  readonly firesWithinMs?: number;
  /** Mends it. */
  readonly end?: (world: World) => Promise<unknown>;
  /** Done over and over until every alert has cleared, such as calls that succeed. */
  readonly recover?: (world: World) => Promise<unknown>;
}
