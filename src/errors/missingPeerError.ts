import { HandoffError } from './handoffError.js';

/** A part was switched on whose optional package is not installed. `data.install` is the command that fixes it. */
export class MissingPeerError extends HandoffError<{ readonly packageName: string; readonly install: string }> {
  override readonly code = 'HANDOFF_MISSING_PEER';

  /** @param advice what to do, if it is not to run `install` */
  constructor(packageName: string, install: string, neededFor: string, cause?: unknown, advice = ` Run: ${install}`) {
    super(`${neededFor} needs the package ${packageName}, which is not installed.${advice}`, { packageName, install }, { cause });
  }
}
