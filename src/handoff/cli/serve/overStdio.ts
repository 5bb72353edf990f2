import { serveHandoffStdio } from '../../server/stdio.js';
import { startAdmin } from './admin.js';
import type { Front, ServeContext } from './front.js';

const ADMIN_DRAIN_MS = 200;
const SDK_MAX_MESSAGE_BYTES = 10 * 1024 * 1024;

/** Serves the client that started this process. The admin port is opened only when its number was set explicitly. */
export async function serveOverStdio({ settings, backEnd, telemetry, log }: ServeContext): Promise<Front> {
  const port = settings.HANDOFF_ADMIN_PORT;
  const admin = port === undefined ? undefined : await startAdmin({ settings, port, telemetry, backEnd, log });
  const serving = serveHandoffStdio({
    makeServer: backEnd.makeServer,
    log,
    maxMessageBytes: maxMessageBytes(settings),
    arrivals: backEnd.arrivals,
  });
  return {
    closed: serving.closed,
    close: async (drainMs) => {
      admin?.stopping();
      await serving.close(drainMs);
      await admin?.close(ADMIN_DRAIN_MS);
    },
  };
}

/** JSON escapes a byte as up to six (`\u0001`): the transport must not cut off what the limits allow. */
function maxMessageBytes(settings: ServeContext['settings']): number {
  return Math.max(SDK_MAX_MESSAGE_BYTES, 6 * (settings.HANDOFF_MAX_CONTENT_BYTES + settings.HANDOFF_MAX_METADATA_BYTES));
}
