import type { EventEmitter } from 'node:events';

type Listeners = Pick<EventEmitter, 'on' | 'once' | 'prependListener' | 'removeListener' | 'listenerCount'>;

/** The parts of a process that the exit hooks need; the real one is `process`. */
export interface HostProcess extends Listeners {
  readonly pid: number;
  readonly stdin: Listeners;
  kill(pid: number, signal: NodeJS.Signals): unknown;
  hasUncaughtExceptionCaptureCallback(): boolean;
}
