import { register } from 'node:module';
import { sendTheRestAtTheEnd, switchOwnTelemetryOff } from '../inServer.mjs';

// "Getting started" of OpenTelemetry for Node.js: the hook for ES modules, then NodeSDK, whose exporters the variables name. The
// instrumentations are those of the libraries that the server uses, or with INSTRUMENTATIONS=auto what the page recommends.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
const { NodeSDK } = await import('@opentelemetry/sdk-node');
const sdk = new NodeSDK({ instrumentations: process.env.INSTRUMENTATIONS === 'auto' ? await all() : await those() });
sdk.start();
sendTheRestAtTheEnd(() => sdk.shutdown());
switchOwnTelemetryOff();

async function those() {
  const { PgInstrumentation } = await import('@opentelemetry/instrumentation-pg');
  const { PinoInstrumentation } = await import('@opentelemetry/instrumentation-pino');
  return [new PgInstrumentation(), new PinoInstrumentation()];
}

async function all() {
  const { getNodeAutoInstrumentations } = await import('@opentelemetry/auto-instrumentations-node');
  return getNodeAutoInstrumentations();
}
