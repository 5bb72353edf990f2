import { isIPv4 } from 'node:net';

/** Names below these belong to networks and machines; nobody can buy one, but containers and tunnels are reached by them. */
const OWN_NETWORK = /\.(?:localhost|local|internal|home\.arpa)$/;
const HOST = /^(?:\[[0-9a-f:.]+\]|([a-z0-9._-]*))(?::\d*)?$/;

/**
 * Whether a Host header names what somebody on the internet can own. A page of such a site reaches a server on the loopback address once
 * its name leads there (DNS rebinding), and its browser would let it read the answer.
 */
export function isForeignHost(header: string): boolean {
  const found = HOST.exec(header.toLowerCase());
  if (found === null) return true;
  const name = (found[1] ?? '').replace(/\.$/, '');
  return name.includes('.') && !isIPv4(name) && !OWN_NETWORK.test(name);
}
