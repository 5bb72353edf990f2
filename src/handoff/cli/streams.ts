import type { Writable } from 'node:stream';

/** Where a command writes; tests pass their own. `out` is for results, `err` for everything else. */
export interface Streams {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Resolves when whoever reads `out` has caught up; output of any size is held in memory otherwise. */
  readonly caughtUp?: () => Promise<void>;
}

/** The process's own streams. `serve --stdio` never uses `out`, because stdout then carries the protocol. */
export const processStreams: Streams = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  caughtUp: () => drained(process.stdout),
};

/** Resolves when a stream takes more, or never will. */
export function drained(stream: Writable): Promise<void> {
  if (!stream.writableNeedDrain || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const events = ['drain', 'close', 'error'] as const;
    const done = (): void => {
      for (const event of events) stream.off(event, done);
      resolve();
    };
    for (const event of events) stream.on(event, done);
  });
}
