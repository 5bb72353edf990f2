import { createMcpHandler } from 'mcp-handler';
import { z } from 'zod';

// As the README has it. It finds the tracer provider that the app registered; nothing else is set up for telemetry.
const options = { serverInfo: { name: 'bench', version: '1.0.0' } };

export function open({ registerPipeline, openHandler, registerEcho }) {
  const sink = registerPipeline();
  return openHandler({ sink, serve: createMcpHandler((server) => registerEcho(server, z), options) });
}

/** The same handler without its spans: what it costs by itself, since it reads each body once more than the SDK. */
export function openSilent({ openHandler, registerEcho }) {
  return openHandler({ serve: createMcpHandler((server) => registerEcho(server, z), { ...options, telemetry: false }) });
}
