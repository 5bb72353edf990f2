import { NodeSDK } from '@opentelemetry/sdk-node';
import { McpInstrumentation } from 'handoff-otel/mcp';
import { call } from './call.mjs';

const sdk = new NodeSDK({ instrumentations: [new McpInstrumentation()] });
sdk.start();
await call();
await sdk.shutdown();
