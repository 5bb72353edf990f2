import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { OtlpTarget } from '../../settings/otlpTarget.js';
import { oneLookup } from './oneLookup.js';
import { proxyFor } from './proxyFor.js';
import { proxyVariables } from './proxyVariables.js';
import { openTunnel, secured } from './tunnel.js';

const CONNECTIONS = { keepAlive: true, lookup: oneLookup };

/** Returns an agent with keep-alive connections to `url`, through the proxy that Node's own requests use, if they use one. */
export function agentFor(url: URL, tls: OtlpTarget['tls'], connectTimeoutMs: number): HttpAgent {
  const variables = proxyVariables();
  if (url.protocol !== 'https:') return new HttpAgent({ ...CONNECTIONS, ...(variables === undefined ? {} : { proxyEnv: variables }) });
  const agent = new HttpsAgent({ ...CONNECTIONS, ...tls?.() });
  const proxy = variables === undefined ? undefined : proxyFor(url, variables);
  if (proxy !== undefined) tunnelThrough(agent, proxy, { url, tls, connectTimeoutMs });
  else if (tls !== undefined) renewFor(agent, tls);
  return agent;
}

/** By itself, an agent secures each connection with what it was created with. */
function renewFor(agent: HttpsAgent, tls: NonNullable<OtlpTarget['tls']>): void {
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (options, callback) => connect({ ...options, ...tls() }, callback);
}

interface TunnelEnd {
  readonly url: URL;
  readonly tls: OtlpTarget['tls'];
  readonly connectTimeoutMs: number;
}

/**
 * Does not use the agent's own `proxyEnv`: it waits without a limit for the proxy's answer to CONNECT, and so keeps a finished
 * process alive.
 */
function tunnelThrough(agent: HttpsAgent, proxy: URL, { url, tls, connectTimeoutMs }: TunnelEnd): void {
  agent.createConnection = (_options, callback) => {
    openTunnel(proxy, url, connectTimeoutMs).then(
      (socket) => callback?.(null, secured(socket, url, tls?.(), 'http/1.1')),
      // Without a connection, Node passes none to the request either, although its types require one.
      (error: unknown) => (callback as ((error: unknown) => void) | undefined)?.(error),
    );
    return undefined;
  };
}
