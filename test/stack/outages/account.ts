import { expect } from 'vitest';
import { passesWithin } from './until.js';
import type { Case, Lab } from './lab.js';
import { collectorLedger, type CollectorLedger } from './collectorLedger.js';
import type { Sender } from './sender.js';
import type { SdkLedger } from './server.js';
import { arrivalOf, isOfNoCall, itemKinds, keysOf, type Arrival, type ItemKind } from './takings.js';

/** The account of one case for one kind of items, stage by stage. */
export interface Account {
  /** What became of those of the sender's items that the collector acknowledged. */
  readonly acknowledged: Arrival;
  readonly refused: number;
  readonly unanswered: number;
  /** What the server's SDK counted during the case; it counts no metric points. */
  readonly sdk: SdkLedger | undefined;
  /** The server's own items at the back end: all arrivals, and how many of them were not the first. */
  readonly serverArrived: number;
  readonly serverDoubled: number;
  /** Of the server's own, those of no call, which it may have made before the case began and sent to its collector. */
  readonly ofNoCall: number;
  readonly collector: CollectorLedger;
  /** Everything that arrived at the back end, of whomever, with the metrics that the collector made of spans. */
  readonly backEnd: number;
}
export type Accounts = Readonly<Record<ItemKind, Account>>;

const DRAIN_TIMEOUT_MS = 90_000;
const sdkSignals = { spans: 'span', log_records: 'log' } as const;

/** The load of one case: a sender, and the server with its client. `settle` ends both, waits for the queue and adds up. */
export interface Load {
  readonly sender: Sender;
  settle(): Promise<Accounts>;
}

export async function beginLoad(lab: Lab, test: Case, sender: Sender): Promise<Load> {
  // What is on its way from before would be exported within the case, but was made outside of it.
  await lab.server.rest();
  const before = await sdkLedgers(lab);
  lab.server.load();
  return {
    sender,
    settle: async () => {
      await Promise.all([sender.stop(), lab.server.rest()]);
      await drained(test, sender, lab.server.serviceName, differenceOf(before, await sdkLedgers(lab)));
      // It sends the last of its own metrics when it stops.
      await test.collector.stop();
      const sdk = differenceOf(before, await sdkLedgers(lab));
      return Object.fromEntries(itemKinds.map((kind) => [kind, accountOf(lab, test, { sender, kind, sdk })])) as Accounts;
    },
  };
}

function storeOf({ tempo, tap, loki }: Case, kind: ItemKind): Case['tempo']['store'] {
  return { spans: tempo.store, metric_points: tap.store, log_records: loki.store }[kind];
}

type SdkLedgers = Readonly<Record<'spans' | 'log_records', SdkLedger>>;

async function sdkLedgers({ server }: Lab): Promise<SdkLedgers> {
  return { spans: await server.ledger(sdkSignals.spans), log_records: await server.ledger(sdkSignals.log_records) };
}

function differenceOf(before: SdkLedgers, after: SdkLedgers): SdkLedgers {
  const difference = (kind: 'spans' | 'log_records'): SdkLedger => {
    const [from, to] = [before[kind], after[kind]];
    return {
      made: to.made - from.made,
      dropped: to.dropped - from.dropped,
      exported: to.exported - from.exported,
      failed: to.failed - from.failed,
    };
  };
  return { spans: difference('spans'), log_records: difference('log_records') };
}

/** Waits until what was acknowledged to the sender and to the server's SDK is at the back ends. */
async function drained(test: Case, sender: Sender, serviceName: string, sdk: SdkLedgers): Promise<void> {
  await passesWithin(DRAIN_TIMEOUT_MS, () => {
    for (const kind of itemKinds) {
      const store = storeOf(test, kind);
      const { missing } = arrivalOf(sender.ledgers[kind].acknowledged, keysOf(store, kind, sender.serviceName));
      expect(missing.length, `acknowledged ${kind} that are not at the back end`).toBe(0);
      if (kind === 'metric_points') continue;
      const distinct = new Set(keysOf(store, kind, serviceName)).size;
      expect(distinct, `${kind} of the server at the back end`).toBeGreaterThanOrEqual(sdk[kind].exported);
    }
  });
}

function accountOf(
  lab: Lab,
  test: Case,
  { sender, kind, sdk }: { readonly sender: Sender; readonly kind: ItemKind; readonly sdk: SdkLedgers },
): Account {
  const store = storeOf(test, kind);
  const { acknowledged, refused, unanswered } = sender.ledgers[kind];
  const ofServer = keysOf(store, kind, lab.server.serviceName);
  return {
    acknowledged: arrivalOf(acknowledged, keysOf(store, kind, sender.serviceName)),
    refused: refused.size,
    unanswered: unanswered.size,
    sdk: kind === 'metric_points' ? undefined : sdk[kind],
    serverArrived: ofServer.length,
    serverDoubled: ofServer.length - new Set(ofServer).size,
    ofNoCall: [...new Set(ofServer)].filter((key) => kind === 'log_records' && isOfNoCall(key)).length,
    collector: collectorLedger(test.own.store, kind),
    backEnd: arrivedAt(store, kind),
  };
}

function arrivedAt(store: Case['tempo']['store'], kind: ItemKind): number {
  switch (kind) {
    case 'spans':
      return store.spans.list().length;
    case 'log_records':
      return store.logRecords.list().length;
    case 'metric_points':
      return store.metricPoints.list().length;
  }
}
