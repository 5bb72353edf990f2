import { FileDestination } from './destination.js';

/** What this process flushes at its end. */
export interface LastOutput {
  /** Writes what is left; bounded. */
  flushSync(): void;
  /** The same at the very end: what is written from now on is written at once, because the event loop runs no more. */
  finish(): void;
}

let shared: FileDestination | undefined;

const others = new Set<LastOutput>();

/** Flushes stderr and what is flushed with it, for a caller that is about to end the process by a signal: Node emits no `exit` then. */
export function flushStderr(): void {
  shared?.flushSync();
  for (const other of others) other.flushSync();
}

/** From now on another destination of the process is flushed whenever stderr is: at its end, and before a signal ends it. */
export function flushWithStderr(destination: LastOutput): void {
  if (others.size === 0) {
    process.on('exit', () => {
      for (const other of others) other.finish();
    });
  }
  others.add(destination);
}

/** The process's only destination on stderr, created on first use and flushed when the process exits. */
export function stderrDestination(): FileDestination {
  if (shared === undefined) {
    const destination = new FileDestination();
    process.on('exit', () => {
      destination.finish();
    });
    shared = destination;
  }
  return shared;
}
