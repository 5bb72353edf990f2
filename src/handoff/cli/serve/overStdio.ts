import { serveHandoffStdio } from '../../server/stdio.js';
import { startAdmin } from './admin.js';
import type { Front, ServeContext } from './front.js';

const ADMIN_DRAIN_MS = 200;
const SDK_MAX_MESSAGE_BYTES = 10 * 1024 * 1024;

/** Serves the client that started this process. The admin port is open only when it was asked for by number. */
export async function serveOverStdio({ settings, backEnd, telemetry, log }: ServeContext): Promise<Front> {
  const port = settings.HANDOFF_ADMIN_PORT;
  const admin = port === undefined ? undefined : await startAdmin({ host: settings.HANDOFF_ADMIN_HOST, port, telemetry, backEnd, log });
  const serving = serveHandoffStdio({ makeServer: backEnd.makeServer, log, maxMessageBytes: maxMessageBytes(settings) });
  return {
    closed: serving.closed,
    close: async (drainMs) => {
      admin?.stopping();
      await serving.close(drainMs);
      await admin?.close(ADMIN_DRAIN_MS);
    },
  };
}

/** JSON writes a byte as up to six (`\u0001`): what the limits allow must not be cut off by the transport. */
function maxMessageBytes(settings: ServeContext['settings']): number {
  return Math.max(SDK_MAX_MESSAGE_BYTES, 6 * (settings.HANDOFF_MAX_CONTENT_BYTES + settings.HANDOFF_MAX_METADATA_BYTES));
}
