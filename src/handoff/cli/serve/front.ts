import type { Log } from '../../../telemetry/log.js';
import type { HandoffConfig } from '../../config/resolve.js';
import type { Instrumentation } from '../../../instrumentation/handle.js';
import type { BackEnd } from './backEnd.js';

/** A running front end: one transport. */
export interface Front {
  /** Resolves when the client has left for good, with an error when it left because of a failure; never for HTTP. */
  readonly closed: Promise<Error | undefined>;
  /** Stops accepting calls and lets in-flight ones finish for up to `drainMs`. */
  close(drainMs: number): Promise<void>;
}

/** Dependencies of a front end. */
export interface ServeContext {
  readonly settings: HandoffConfig['settings'];
  readonly backEnd: BackEnd;
  readonly telemetry: Instrumentation;
  readonly log: Log;
}
