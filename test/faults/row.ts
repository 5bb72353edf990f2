import type { HealthComponent, HealthReason } from '../../src/telemetry/catalogue/health.js';
import type { StoredEntry } from './evidence.js';

export type Group = 'PostgreSQL' | 'Redis' | 'Embedded database' | 'Collector' | 'Clock';

/** One fault of the table: how it is made, and what must be seen of it. */
export interface FaultRow {
  /** For `--only`. */
  readonly name: string;
  readonly group: Group;
  readonly title: string;
  /** How it is injected, for the table. */
  readonly how: string;
  /** How long it lasts at least; it goes on until health and alerts have told of it, or will not any more. */
  readonly holdMs: number;
  readonly expects: Expectation;
  /** Starts everything but the servers. What it starts, `cleanUp` ends. */
  readonly open: (place: Place, cleanUp: AsyncDisposableStack) => Promise<Scene>;
}

export interface Expectation {
  /** The part that `/health` must name, with one of the reasons; `undefined` where the server must go on saying that all is well. */
  readonly health?: { readonly part: HealthComponent; readonly reasons: readonly HealthReason[] };
  /** How long `/health` may take to name it, where that is not the usual time. */
  readonly tellWithinMs?: number;
  /** Parts that depend on the broken one, and may be named as well. */
  readonly alongside?: readonly HealthComponent[];
  /** Alerts of the project of which one must fire and clear. Where there is none, none may fire, and `noAlert` says why. */
  readonly alerts: readonly string[];
  readonly noAlert?: string;
  /** Servers that the fault itself stops: while it lasts they answer nobody, which says enough. */
  readonly victims?: readonly string[];
  /** Why `/health` need not name the part, though it may. */
  readonly brief?: string;
  /** Every call succeeds all the time. */
  readonly noCallFails?: true;
  /** Why acknowledged writes may be lost: they are counted and stated. Otherwise none may be. */
  readonly mayLose?: string;
}

export interface Place {
  /** For logs of programs. */
  readonly logFolder: string;
}

/** What a row has started, and how it is broken. */
export interface Scene {
  /** The environment of the servers. */
  readonly env: Readonly<Record<string, string>>;
  /** How many servers there are. */
  readonly replicas: number;
  /** What has to be done before it can be broken, with the servers at work, and harms nobody. */
  readonly prepare?: () => Promise<void>;
  /** Breaks it. Resolves when it is broken. */
  readonly inject: (servers: readonly Victim[]) => Promise<void>;
  /** Mends what nobody could expect the server to mend. Resolves when that is done. */
  readonly mend: (servers: readonly Victim[]) => Promise<void>;
  /** All entries that are stored now. */
  readonly stored: () => Promise<readonly StoredEntry[]>;
}

/** A server that a fault may hit. */
export interface Victim {
  readonly name: string;
  readonly pid: number;
  start(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<void>;
  signal(signal: NodeJS.Signals): Promise<void>;
}
