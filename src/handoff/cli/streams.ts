/** Where a command writes; tests pass their own. `out` is for answers, `err` for everything else. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The process's own streams. `serve --stdio` never uses `out`: there stdout is the protocol's. */
export const processStreams: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};
