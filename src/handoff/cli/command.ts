import type { PackageName } from './requirePackages.js';
import type { Streams } from './streams.js';

export interface CommandContext {
  readonly args: readonly string[];
  /** The environment, with what the configuration file adds. */
  readonly env: NodeJS.ProcessEnv;
  /** The same without it. Default: `env`. */
  readonly ownEnv?: NodeJS.ProcessEnv;
  readonly streams: Streams;
}

/** A subcommand of `handoff-otel`. `load` imports what the command needs only when it runs, because every client pays the startup time. */
export interface Command {
  readonly name: string;
  /** One, or those of its actions. */
  readonly usage: string | readonly string[];
  readonly summary: string;
  /** The command is followed by another program's command line, in which `--help` belongs to that program. */
  readonly runsProgram?: true;
  /** The command reads HANDOFF_CONFIG_FILE by itself: it is of use where that file is not. */
  readonly readsConfigFile?: true;
  /** Optional packages that the command loads in this environment. */
  needs(env: NodeJS.ProcessEnv): readonly PackageName[];
  load(): Promise<(context: CommandContext) => Promise<number>>;
}

/** Exit codes: 0 success, 1 failure, 2 invalid usage or configuration. */
export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;
