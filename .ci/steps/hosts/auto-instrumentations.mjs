import { getNodeAutoInstrumentations } from '@opentelemetry/auto-instrumentations-node';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { McpInstrumentation } from 'handoff-otel/mcp';

const sdk = new NodeSDK({ instrumentations: [getNodeAutoInstrumentations(), new McpInstrumentation()] });
sdk.start();
const { call } = await import('./call.mjs');
await call();
await sdk.shutdown();
