import type { PackageName } from './requirePackages.js';
import type { Streams } from './streams.js';

export interface CommandContext {
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly streams: Streams;
}

/** One word after `handoff-otel`. `load` imports what the command needs only when it runs: start-up time is per client. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** What follows it is the command line of another program, whose `--help` is its own. */
  readonly runsProgram?: true;
  /** Optional packages it loads in this environment. */
  needs(env: NodeJS.ProcessEnv): readonly PackageName[];
  load(): Promise<(context: CommandContext) => Promise<number>>;
}

/** Exit codes: 0 done, 1 failed, 2 wrong usage or configuration. */
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
