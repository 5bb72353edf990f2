import { SDKS, TRANSPORTS, nameOf } from './cell.js';
import type { Cell, Sdk, TransportName } from './cell.js';
import { cellsV1 } from './v1.js';
import { cellsV2 } from './v2.js';

export interface MissingCell {
  readonly sdk: Sdk;
  readonly transport: TransportName;
  readonly reason: string;
}

export const cells: readonly Cell[] = [...cellsV1, ...cellsV2];

/** Combinations that cannot exist, each with the reason. */
export const missingCells: readonly MissingCell[] = [
  { sdk: 'v1', transport: 'createMcpHandler', reason: 'SDK v1 has no handler factory: its HTTP servers are transports' },
  {
    sdk: 'v2 2025-11-25',
    transport: 'legacy SSE',
    reason: 'SDK v2 ships no server for HTTP+SSE, which 2025-03-26 replaced by Streamable HTTP',
  },
  { sdk: 'v2 2026-07-28', transport: 'legacy SSE', reason: 'HTTP+SSE ended with 2024-11-05; 2026-07-28 does not know it' },
  { sdk: 'v2 2026-07-28', transport: 'http stateful', reason: '2026-07-28 has no protocol sessions' },
  {
    sdk: 'v2 2026-07-28',
    transport: 'http stateless',
    reason: 'a transport connected by hand speaks 2025-11-25; SDK v2 serves 2026-07-28 over HTTP by createMcpHandler only',
  },
];

/** Combinations that neither run nor have a reason, and those that have both. Empty, or the table has a gap. */
export function gaps(): string[] {
  return SDKS.flatMap((sdk) =>
    TRANSPORTS.flatMap((transport) => {
      const covered = [...cells, ...missingCells].filter((each) => each.sdk === sdk && each.transport === transport).length;
      return covered === 1 ? [] : [`${nameOf({ sdk, transport })}: ${covered}`];
    }),
  );
}
