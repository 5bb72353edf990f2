import { flag, wholeNumber } from './kinds.js';
import { reloadable, variable } from './variable.js';

/** Which calls are begun, and which are told to come back later. */
export const admissionVariables = {
  HANDOFF_MAX_CONCURRENT_CALLS: reloadable(
    variable(
      wholeNumber(1, 100_000, 'calls'),
      256,
      'Maximum number of tool calls and resource reads that run at the same time. Below it, the server finds out how many it can serve without slowing down.',
    ),
  ),
  HANDOFF_ADAPTIVE_CONCURRENCY: reloadable(
    variable(
      flag,
      true,
      'Whether the limit follows the measured latency and the delay of the event loop. When false, HANDOFF_MAX_CONCURRENT_CALLS is the limit.',
    ),
  ),
  HANDOFF_MAX_WAITING_CALLS: reloadable(
    variable(
      wholeNumber(0, 1_000_000, 'calls'),
      1000,
      'Maximum number of calls that wait for their turn. Any further call is refused with HANDOFF_OVERLOADED and the time after which to retry, and so is a call that is not expected to start within a quarter of HANDOFF_CALL_WAIT_TIMEOUT_MS.',
    ),
  ),
  HANDOFF_CALL_WAIT_TIMEOUT_MS: reloadable(
    variable(wholeNumber(10, 60_000, 'ms'), 2000, 'A call that has waited for its turn this long is refused with HANDOFF_OVERLOADED.'),
  ),
};
