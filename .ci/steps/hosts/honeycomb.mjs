import { HoneycombSDK } from '@honeycombio/opentelemetry-node';
import { McpInstrumentation } from 'handoff-otel/mcp';
import { call } from './call.mjs';

const endpoint = process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
const sdk = new HoneycombSDK({ apiKey: 'none', endpoint, metricsDataset: 'mcp', serviceName: 'host', instrumentations: [new McpInstrumentation()] });
sdk.start();
await call();
await sdk.shutdown();
