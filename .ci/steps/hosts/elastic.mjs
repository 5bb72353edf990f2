import { getInstrumentations, startNodeSDK } from '@elastic/opentelemetry-node/sdk';
import { McpInstrumentation } from 'handoff-otel/mcp';

const sdk = startNodeSDK({ instrumentations: [...getInstrumentations(), new McpInstrumentation()] });
const { call } = await import('./call.mjs');
await call();
await sdk.shutdown();
