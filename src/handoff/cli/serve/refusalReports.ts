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

/** One line per minute and reason: token guessing must be visible, but must not fill the log. */
const INTERVAL_MS = 60_000;

/** Messages for the operator. They quote nothing the client sent: it may be a token with one wrong letter. */
const MESSAGES: Readonly<Record<RefusalReason, string | undefined>> = {
  path: 'a request for a path other than /mcp was refused',
  method: 'a request with a method that MCP does not use was refused',
  host: 'a request for a host that is not allowed was refused: see HANDOFF_HTTP_ALLOWED_HOSTS',
  origin: 'a request from an origin that is not allowed was refused: see HANDOFF_HTTP_ALLOWED_ORIGINS',
  token: 'a request without the bearer token, or with a wrong one, was refused',
  body_size: 'a request whose body is too large was refused: see HANDOFF_HTTP_MAX_BODY_BYTES',
  body_keys: 'a request whose body has too many keys, values or levels was refused',
  body_json: 'a request whose body is not JSON was refused',
  body_field: 'a request whose id, method, URI or name is too long was refused',
  busy: 'a request was refused because too many are open: see HANDOFF_HTTP_MAX_OPEN_ANSWERS',
  connections: 'a connection was closed because too many are open: see HANDOFF_HTTP_MAX_CONNECTIONS',
  memory: 'a client was disconnected because bodies and unread answers took too much memory: see HANDOFF_HTTP_MAX_HELD_BYTES',
  unread: 'a client was disconnected because it did not read its answer: see HANDOFF_HTTP_UNREAD_TIMEOUT_MS',
  // The code that refuses these logs the reason itself.
  protocol: undefined,
  failed: undefined,
};

/** Counts refusals and logs them at a limited rate. */
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
