import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';

/** What a server holds at rest, after a forced collection. */
export interface Sample {
  readonly heapBytes: number;
  /** Outside of the heap, of buffers and the like. */
  readonly externalBytes: number;
  readonly rssBytes: number;
  /** What keeps the event loop alive, by type. */
  readonly handles: Readonly<Record<string, number>>;
  /** Listeners on `process`, by event. */
  readonly listeners: Readonly<Record<string, number>>;
}

/** A sample, and how many calls had been made. */
export interface Reading extends Sample {
  readonly calls: number;
}

/** Asks the sampler that was loaded into the server. Rejects when the server ends. */
export async function takeSample(child: ChildProcess): Promise<Sample> {
  const answered = once(child, 'message') as Promise<[Sample]>;
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`the server has ended with ${code ?? signal}`);
  });
  child.send('sample');
  const [sample] = await Promise.race([answered, ended]);
  return sample;
}
