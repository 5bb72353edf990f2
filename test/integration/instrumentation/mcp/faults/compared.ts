import { expect } from 'vitest';
import type { McpOptions } from '../../../../../src/instrumentation/mcp/options.js';
import { Ledger } from './ledger.js';
import { RawConnection } from './rawConnection.js';
import type { RawServer, Transcript } from './rawConnection.js';
import { escaping } from './strays.js';

const CAPTURE_ALL: McpOptions = {
  capture: { arguments: true, results: true, promptVariables: true, sizes: true, errorMessages: true },
  spans: { progress: true },
  conversation: { metaKey: 'conversation', hashKey: 'k' },
  baggageKeys: 'all',
};

/** What instrumentation may differ in; each must leave the same transcript. */
const VARIANTS: readonly McpOptions[] = [{}, CAPTURE_ALL, { mode: 'propagation-only' }];

export type Conversation = (connection: RawConnection, raw: RawServer) => Promise<void>;

/**
 * Has the same conversation with a bare server and with instrumented ones. Fails unless the answers, the errors reported to the
 * host, what was thrown at the sender and what escaped into the process are equal, and after closing nothing is open.
 * Answers the ledger of the plain variant.
 */
export async function expectSame(make: () => RawServer, converse: Conversation): Promise<Ledger> {
  const expected = await escaping(() => run(make(), converse));
  let first: Ledger | undefined;
  for (const options of VARIANTS) {
    const ledger = new Ledger();
    first ??= ledger;
    const instrumentation = ledger.instrumentation({ options });
    try {
      const raw = make();
      instrumentation.instrumentServer(raw.server);
      expect(await escaping(() => run(raw, converse))).toEqual(expected);
      expect(ledger.open).toEqual([]);
      expect(await ledger.counted()).toEqual([]);
    } finally {
      instrumentation.disable();
      await ledger.dispose();
    }
  }
  if (first === undefined) throw new Error('no variant was run');
  return first;
}

async function run(raw: RawServer, converse: Conversation): Promise<Transcript> {
  const connection = await new RawConnection(raw).open();
  await converse(connection, raw);
  await connection.close();
  return connection.transcript;
}
