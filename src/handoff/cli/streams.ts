/** Where a command writes; tests pass their own. `out` is for results, `err` for everything else. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** The process's own streams. `serve --stdio` never uses `out`, because stdout then carries the protocol. */
export const processStreams: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};
