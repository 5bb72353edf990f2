import { serveHandoffStdio } from '../../server/stdio.js';
import { startAdmin } from './admin.js';
import type { Front, ServeContext } from './front.js';

/** Serves the client that started this process. The admin port is open only when it was asked for by number. */
export async function serveOverStdio({ settings, backEnd, telemetry, log }: ServeContext): Promise<Front> {
  const port = settings.HANDOFF_ADMIN_PORT;
  const admin = port === undefined ? undefined : await startAdmin({ host: settings.HANDOFF_ADMIN_HOST, port, telemetry, log });
  const serving = serveHandoffStdio({ makeServer: backEnd.makeServer, log, input: process.stdin });
  return {
    closed: serving.closed,
    close: async (drainMs) => {
      await serving.close();
      await admin?.close(drainMs);
    },
  };
}
