import { flag, wholeNumber } from './kinds.js';
import { reloadable, variable } from './variable.js';

/** Which calls are begun, and which are told to come back later. */
export const admissionVariables = {
  HANDOFF_MAX_CONCURRENT_CALLS: reloadable(
    variable(
      wholeNumber(1, 100_000, 'calls'),
      256,
      'Most tool calls and resource reads that run at a time. Below it the server finds by itself how many it can serve without getting slower.',
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
      'Most calls that wait for their turn. Any further one is answered with HANDOFF_OVERLOADED and the time after which to try again, and so is one that is not expected to begin within a quarter of HANDOFF_CALL_WAIT_TIMEOUT_MS.',
    ),
  ),
  HANDOFF_CALL_WAIT_TIMEOUT_MS: reloadable(
    variable(
      wholeNumber(10, 60_000, 'ms'),
      2000,
      'A call that has waited for its turn this long is answered with HANDOFF_OVERLOADED: its caller has hardly more patience.',
    ),
  ),
};
