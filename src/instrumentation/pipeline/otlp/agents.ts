import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { TlsMaterial } from '../../settings/otlpTarget.js';
import { proxyFor } from './proxyFor.js';
import { proxyVariables } from './proxyVariables.js';
import { openTunnel, secured } from './tunnel.js';

/** Returns an agent with keep-alive connections to `url`, through the proxy that Node's own requests use, if they use one. */
export function agentFor(url: URL, tls: TlsMaterial | undefined, connectTimeoutMs: number): HttpAgent {
  const variables = proxyVariables();
  if (url.protocol !== 'https:') return new HttpAgent({ keepAlive: true, ...(variables === undefined ? {} : { proxyEnv: variables }) });
  const agent = new HttpsAgent({ keepAlive: true, ...tls });
  const proxy = variables === undefined ? undefined : proxyFor(url, variables);
  if (proxy !== undefined) tunnelThrough(agent, proxy, { url, tls, connectTimeoutMs });
  return agent;
}

interface TunnelEnd {
  readonly url: URL;
  readonly tls: TlsMaterial | undefined;
  readonly connectTimeoutMs: number;
}

/**
 * Does not use the agent's own `proxyEnv`: it waits without a limit for the proxy's answer to CONNECT, and so keeps a finished
 * process alive.
 */
function tunnelThrough(agent: HttpsAgent, proxy: URL, { url, tls, connectTimeoutMs }: TunnelEnd): void {
  agent.createConnection = (_options, callback) => {
    openTunnel(proxy, url, connectTimeoutMs).then(
      (socket) => callback?.(null, secured(socket, url, tls, 'http/1.1')),
      // Without a connection, Node passes none to the request either, although its types require one.
      (error: unknown) => (callback as ((error: unknown) => void) | undefined)?.(error),
    );
    return undefined;
  };
}
