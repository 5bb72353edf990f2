import type { Logger } from 'pino';
import type { HandoffConfig } from '../../config/resolve.js';
import type { Instrumentation } from '../../../instrumentation/handle.js';
import type { BackEnd } from './backEnd.js';

/** A running front: one transport. */
export interface Front {
  /** Resolves when the other side has gone for good, with an error when that was a fault; never for HTTP. */
  readonly closed: Promise<Error | undefined>;
  /** Stops taking calls and lets running ones finish for up to `drainMs`. */
  close(drainMs: number): Promise<void>;
}

/** What a front needs. */
export interface ServeContext {
  readonly settings: HandoffConfig['settings'];
  readonly backEnd: BackEnd;
  readonly telemetry: Instrumentation;
  readonly log: Logger;
}
