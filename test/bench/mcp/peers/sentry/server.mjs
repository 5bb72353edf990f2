import '@sentry/node/import';
import * as Sentry from '@sentry/node';
import { sendTheRestAtTheEnd, switchOwnTelemetryOff, wrapServers } from '../inServer.mjs';

// "Install", "ESM" and "MCP Observability" of its documentation: every trace kept, and pino's records as its logs.
Sentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 1, enableLogs: true, integrations: [Sentry.pinoIntegration()] });
await wrapServers((server) => Sentry.wrapMcpServerWithSentry(server));
sendTheRestAtTheEnd(() => Sentry.close(2000));
switchOwnTelemetryOff();
