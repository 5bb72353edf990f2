import { HandoffError } from './handoffError.js';

/**
 * What was kept of a detector is not of this release, damaged, or of a time that is still to come. The detector is as it was; nothing was
 * restored.
 */
export class DetectorStateError extends HandoffError<{ readonly problem: string }> {
  override readonly code = 'HANDOFF_DETECTOR_STATE';

  constructor(problem: string) {
    super(
      `The state of an anomaly detector cannot be used: ${problem}. Delete that state and start a new detector, which learns the series again from the rows that it is given.`,
      { problem },
    );
  }
}
