import { eventsV1, handled, sessionV1, sessionV2, statelessV1 } from './httpRigs.js';
import { inMemoryMixed, inMemoryV1, inMemoryV2, servedStdio, stdioV1, stdioV2 } from './pipeRigs.js';
import type { BuildRig } from './rig.js';

/** Every way a client and a server of the SDKs can be joined, in both eras. */
export const cells = {
  'in memory, v1': inMemoryV1,
  'in memory, v2': inMemoryV2,
  'in memory, v1 client and v2 server': inMemoryMixed,
  'stdio, v1': stdioV1,
  'stdio, v2': stdioV2,
  'serveStdio, 2025-11-25': servedStdio('legacy'),
  'serveStdio, 2026-07-28': servedStdio('modern'),
  'Streamable HTTP with a session, v1': sessionV1,
  'Streamable HTTP with a session, v2': sessionV2,
  'Streamable HTTP without sessions, v1': statelessV1,
  'HTTP+SSE, v1': eventsV1,
  'createMcpHandler, 2025-11-25': handled('legacy'),
  'createMcpHandler, 2026-07-28': handled('modern'),
} satisfies Readonly<Record<string, BuildRig>>;

export type CellName = keyof typeof cells;
export const cellNames = Object.keys(cells) as readonly CellName[];
