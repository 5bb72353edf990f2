// A set-up of OpenTelemetry as many programs have it. One line makes it know MCP.
import { NodeSDK } from '@opentelemetry/sdk-node';
import { McpInstrumentation } from 'handoff-otel/mcp';

const sdk = new NodeSDK({ serviceName: 'dice-existing-sdk', instrumentations: [new McpInstrumentation()] });
sdk.start();

process.once('SIGTERM', async () => {
  await sdk.shutdown();
  process.exit();
});
