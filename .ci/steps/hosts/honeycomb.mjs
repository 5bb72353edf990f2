import { HoneycombSDK } from '@honeycombio/opentelemetry-node';
import { metrics } from '@opentelemetry/api';
import { McpInstrumentation } from 'handoff-otel/mcp';

const url = process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
const sdk = new HoneycombSDK({
  apiKey: 'none',
  endpoint: url,
  // Without a dataset for metrics this distribution sends none.
  metricsDataset: 'hosts',
  metricsApiKey: 'none',
  instrumentations: [new McpInstrumentation()],
});
sdk.start();
const { call } = await import('./call.mjs');
await call();
// OpenTelemetry's SDK 1.22 does not send the last metrics when it is shut down.
await metrics.getMeterProvider().forceFlush();
await sdk.shutdown();
