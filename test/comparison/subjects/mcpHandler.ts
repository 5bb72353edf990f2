import type { FetchHandler, Mode, Subject } from '../subject.js';
import { registerHost } from './ours.js';
import { requireOf } from './peerModules.js';

/**
 * "Quick Start" of its README; its spans are on as soon as a tracer provider is registered ("Observability"). It is a handler and wraps
 * nobody else's server.
 */
export function openMcpHandler(): Subject {
  const host = registerHost();
  const { createMcpHandler } = requireOf('mcp-handler')('mcp-handler');
  return {
    ...host,
    name: 'mcp-handler',
    isServer: true,
    roads: ['http'],
    offBy: '`telemetry: false`',
    wrapServer: (server) => server,
    createHandler: (register, mode: Mode): FetchHandler => {
      const options = {
        serverInfo: { name: 'comparison', version: '1.0.0' },
        capabilities: { logging: {}, completions: {} },
        ...(mode === 'off' ? { telemetry: false } : {}),
      };
      return { fetch: createMcpHandler(register, options) };
    },
  };
}
