import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const ATTEMPTS = 100;
const LOWEST = 10_000;

/**
 * A TCP port on 127.0.0.1 that was free a moment ago. Another process may take it first, so callers check and try again.
 *
 * Where the system says which ports it gives out by itself, this is none of them: a server that is stopped and started again, and a
 * program that is told its port, would else lose it to whatever else asks for any port, or connects, in between.
 */
export async function freePort(): Promise<number> {
  const beyond = lowestGivenOut();
  for (let attempt = 0; beyond > LOWEST && attempt < ATTEMPTS; attempt += 1) {
    const port = await listenOnce(LOWEST + Math.floor(Math.random() * (beyond - LOWEST)));
    if (port !== undefined) return port;
  }
  const port = await listenOnce(0);
  if (port === undefined) throw new Error('The operating system gave no TCP port; check the loopback interface.');
  return port;
}

/** The lowest port the system gives to whoever asks for any; 0 where it does not say. */
function lowestGivenOut(): number {
  try {
    return Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10) || 0;
  } catch {
    return 0; // not Linux
  }
}

/** The port, or undefined if it is taken. */
async function listenOnce(wanted: number): Promise<number | undefined> {
  const server = createServer();
  try {
    await once(server.listen(wanted, '127.0.0.1'), 'listening');
  } catch {
    return undefined;
  }
  const address = server.address();
  server.close();
  await once(server, 'close');
  return address === null || typeof address === 'string' ? undefined : address.port;
}
