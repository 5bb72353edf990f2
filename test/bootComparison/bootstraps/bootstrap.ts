export type PackageName = 'ours' | 'edot' | 'splunk' | 'dash0' | 'autotel' | 'sentry' | 'nodesdk';

/** A program's module system. */
export type Format = 'module' | 'commonjs';

/** Addresses of one run. */
export interface Addresses {
  /** Base URL of the collector, without a path. */
  readonly collector: string;
  readonly prometheusPort: number;
}

/** A package that starts telemetry for a whole process, and how its documentation says to do that. */
export interface Bootstrap {
  /** Head of its column. */
  readonly title: string;
  /** As given to --only, and the folder in `peers/`. */
  readonly name: PackageName;
  readonly npm: string;
  readonly licence: string;
  /** For readers: what is used here, and where that is documented. */
  readonly setUp: string;
  readonly bundleSetUp: string;
  /** Files beside the program, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Flags of Node that load it before the program. */
  readonly flags: readonly string[];
  /** The statement that starts it within a program, which may declare `flush`; ES modules may `await`. */
  readonly start: Readonly<Record<Format, string>>;
  /** The same in a program that a bundler makes one file of, if it has something for that; `pg`, `ioredis` and `pino` are its modules. */
  readonly startInBundle?: string;
  /** Plugins for the bundler, as text of an expression in the project's folder. */
  readonly bundlerPlugin?: string;
  /** `inSpan(name, run)` and `spanAlone(name)` for the host; OpenTelemetry's API unless given. */
  readonly spans?: Readonly<Record<Format, string>>;
  /** The statement that declares `flush` in a program under the preload, where it can be had. */
  readonly flush?: Readonly<Record<Format, string>>;
  /** Whether it claims to know variables of OpenTelemetry; rows about one are not applicable otherwise. */
  readonly readsOtelVariables?: false;
  /** What it needs besides OTEL_* to send to the collector; opt-ins that its documentation names for what the rows ask. */
  readonly env: (addresses: Addresses) => Readonly<Record<string, string>>;
  /** Documented opt-in for a process that speaks a protocol on stdout. */
  readonly stdioEnv?: Readonly<Record<string, string>>;
  /** Documented opt-in for metrics to be scraped beside OTLP. */
  readonly prometheusEnv: (addresses: Addresses) => Readonly<Record<string, string>>;
  /** Statement that tells `report('status', …)`: its documented way to ask what it covers. */
  readonly status?: Readonly<Record<Format, string>>;
}
