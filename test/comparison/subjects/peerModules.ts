import { createRequire } from 'node:module';
import { join } from 'node:path';

const BENCH = join(import.meta.dirname, '../../bench/mcp/peers');
const OWN = join(import.meta.dirname, '../peers');

/** Folders with a package.json and a lockfile of their own: those of the benchmark, and two that it has no use for. */
export const PEER_FOLDERS = {
  autotel: join(BENCH, 'autotel'),
  sentry: join(BENCH, 'sentry'),
  shinzo: join(BENCH, 'shinzo'),
  'mcp-handler': join(BENCH, 'mcp-handler'),
  traceloop: join(OWN, 'traceloop'),
  openinference: join(OWN, 'openinference'),
} as const;

export type PeerName = keyof typeof PEER_FOLDERS;

/** Loads packages as a file in that folder would; all of the peers offer CommonJS. */
export function requireOf(peer: PeerName): NodeJS.Require {
  return createRequire(join(PEER_FOLDERS[peer], 'package.json'));
}
