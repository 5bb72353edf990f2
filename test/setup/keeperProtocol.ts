/** One process to run under the keeper. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory; must be readable by `uid`. */
  readonly cwd: string;
  /** Both outputs are appended here. */
  readonly logFile: string;
  /** Given only when the tests run as root and the server must not. */
  readonly uid?: number;
  readonly gid?: number;
}

/** How a launched process ended; `message` is set when it never started. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly message?: string;
}

/** One JSON line on the keeper's stdin. The end of stdin means: stop, tidy up and leave. */
export type KeeperCommand =
  | { readonly op: 'start'; readonly launch: Launch }
  | { readonly op: 'signal'; readonly signal: NodeJS.Signals; readonly tree: boolean };

/** One JSON line on the keeper's stdout. */
export type KeeperEvent =
  | { readonly event: 'started'; readonly pid: number }
  | { readonly event: 'signalled' }
  | { readonly event: 'exited'; readonly exit: Exit };
