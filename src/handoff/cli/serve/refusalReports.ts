import type { Meter } from '@opentelemetry/api';
import type { OnRefusal, RefusalReason } from '../../server/refusal.js';
import { serverEvents, serverMetrics } from '../../../telemetry/catalogue/server.js';
import { createInstrument } from '../../../telemetry/instruments.js';
import type { Log } from '../../../telemetry/log.js';
import { createRateLimit } from '../../../telemetry/rateLimit.js';
import {
  ATTR_CLIENT_ADDRESS,
  ATTR_EVENT_NAME,
  ATTR_HANDOFF_HTTP_REFUSAL_REASON,
  ATTR_HTTP_RESPONSE_STATUS_CODE,
} from '../../../telemetry/semconv.js';
import { systemClock } from '../../../time/clock.js';
import type { Clock } from '../../../time/clock.js';

/** One line a minute and reason: whoever guesses tokens must be seen, and must not fill the log. */
const INTERVAL_MS = 60_000;

/** What an operator is told. Nothing of what the client sent: it may be a token with one letter wrong. */
const MESSAGES: Readonly<Record<RefusalReason, string | undefined>> = {
  path: 'a request for another path than /mcp was refused',
  method: 'a request of a method that MCP does not use was refused',
  host: 'a request for a host that is not served was refused: HANDOFF_HTTP_ALLOWED_HOSTS has those that are',
  origin: 'a request from a page of a foreign origin was refused: HANDOFF_HTTP_ALLOWED_ORIGINS has those that may',
  token: 'a request without the bearer token, or with a wrong one, was refused',
  body_size: 'a request with too large a body was refused: see HANDOFF_HTTP_MAX_BODY_BYTES',
  body_keys: 'a request whose body has too many keys or values was refused',
  body_json: 'a request whose body is not JSON was refused',
  body_field: 'a request with too long an id, method, URI or name was refused',
  busy: 'a request was refused because too many are open: see HANDOFF_HTTP_MAX_OPEN_ANSWERS',
  connections: 'a connection was closed because too many are open: see HANDOFF_HTTP_MAX_CONNECTIONS',
  memory: 'a client was cut off because bodies and unread answers held too much memory: see HANDOFF_HTTP_MAX_HELD_BYTES',
  unread: 'a client was cut off because it did not read its answer: see HANDOFF_HTTP_UNREAD_TIMEOUT_MS',
  // Whoever refused these has logged why.
  protocol: undefined,
  failed: undefined,
};

/** Counts what was refused, and logs now and then that it is. */
export function refusalReports(log: Log, meter: Meter, clock: Clock = systemClock): OnRefusal {
  const limit = createRateLimit(clock, INTERVAL_MS);
  const count = createInstrument(meter, serverMetrics.httpRefusals);
  return ({ reason, status, remoteAddress }) => {
    const attributes = {
      [ATTR_HANDOFF_HTTP_REFUSAL_REASON]: reason,
      ...(status === undefined ? {} : { [ATTR_HTTP_RESPONSE_STATUS_CODE]: status }),
    };
    count(1, attributes);
    const message = MESSAGES[reason];
    if (message === undefined) return;
    limit(reason, (heldBack) =>
      log.warn(
        {
          [ATTR_EVENT_NAME]: serverEvents.httpRefused.name,
          ...attributes,
          ...(remoteAddress === undefined ? {} : { [ATTR_CLIENT_ADDRESS]: remoteAddress }),
          heldBack,
        },
        message,
      ),
    );
  };
}
