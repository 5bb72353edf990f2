import { createRateLimit } from '../../telemetry/rateLimit.js';
import { systemClock } from '../../time/clock.js';
import type { Clock } from '../../time/clock.js';
import { serverEvents } from '../../telemetry/catalogue/server.js';
import type { Log } from '../../telemetry/log.js';
import { ATTR_EVENT_NAME } from '../../telemetry/semconv.js';

const INTERVAL_MS = 60_000;
/** Messages quote what was sent; beyond this many different ones per minute they share a line. */
const MAX_KINDS = 20;
const MAX_KIND_CHARS = 100;

/** Logs what the SDK could not handle: one line per minute and kind, however often it is sent. */
export function protocolErrorReports(log: Log, clock: Clock = systemClock): (error: Error) => void {
  const limit = createRateLimit(clock, INTERVAL_MS, MAX_KINDS);
  return (error) =>
    limit(error.message.slice(0, MAX_KIND_CHARS), (heldBack) =>
      log.warn({ [ATTR_EVENT_NAME]: serverEvents.protocolError.name, err: error, heldBack }, 'a message could not be handled'),
    );
}
