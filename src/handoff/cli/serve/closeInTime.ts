import type { Log } from '../../../telemetry/log.js';
import { errorCode } from '../../../errors/classify.js';
import { serverEvents } from '../../../telemetry/catalogue/server.js';
import { ATTR_ERROR_TYPE, ATTR_EVENT_NAME } from '../../../telemetry/semconv.js';
import { TimedOut, within } from '../../../time/within.js';

/**
 * Closes one part of the server, but moves on after `limitMs` or when it fails: the parts closed after it, and the
 * last telemetry, must not wait for one that hangs. Never rejects.
 */
export async function closeInTime(
  part: 'transport' | 'jobs' | 'storage',
  limitMs: number,
  log: Log,
  close: () => Promise<unknown>,
): Promise<void> {
  try {
    await within(limitMs, close);
  } catch (error) {
    const reason = error instanceof TimedOut ? 'timeout' : (errorCode(error) ?? 'error');
    log.warn(
      { [ATTR_EVENT_NAME]: serverEvents.shutdownCut.name, part, [ATTR_ERROR_TYPE]: reason },
      `the ${part} did not close cleanly; continuing without it`,
    );
  }
}
