import { createRequire } from 'node:module';
import { sendTheRestAtTheEnd, switchOwnTelemetryOff, wrapServers } from '../inServer.mjs';

// It wraps `tool()` of SDK v1, calls a tool with its arguments alone, and starts an SDK for each server that it is given. So it gets one
// stand-in for all servers, and each tool with its arguments and its context in one object: without that it would see nothing here. It gets
// each tool of each server, as its README would have it, or with TOOLS=once each tool once for all servers.
const { instrumentServer } = createRequire(import.meta.url)('@shinzolabs/instrumentation-mcp');
const standIn = { tool: (_name, handler) => handler };
const telemetry = instrumentServer(standIn, {
  serverName: 'handoff',
  serverVersion: '1.0.0',
  exporterEndpoint: `${process.env.OTEL_EXPORTER_OTLP_ENDPOINT}/v1`,
});
const traced = new WeakMap();
await wrapServers((server) => ({
  registerTool: (name, config, handle) => {
    const call = traced.get(handle) ?? standIn.tool(name, ({ args, context }) => handle(args, context));
    if (process.env.TOOLS === 'once') traced.set(handle, call);
    return server.registerTool(name, config, (args, context) => call({ args, context }));
  },
}));
sendTheRestAtTheEnd(() => telemetry.shutdown());
switchOwnTelemetryOff();
