import { expect } from 'vitest';
import type { Account, Accounts } from './account.js';
import { itemKinds } from './takings.js';

/** Nothing that the collector acknowledged is missing, of the sender or of the server. */
export function expectNothingLost(accounts: Accounts): void {
  for (const kind of itemKinds) {
    const { acknowledged, sdk, serverArrived, serverDoubled } = accounts[kind];
    expect(acknowledged.made, `${kind} acknowledged`).toBeGreaterThan(0);
    expect(acknowledged.missing, `${kind} acknowledged and lost`).toEqual([]);
    if (sdk !== undefined) expect(serverArrived - serverDoubled, `${kind} of the server`).toBeGreaterThanOrEqual(sdk.exported);
  }
}

/** Every item arrived once: no acknowledged one twice, and none of the server. */
export function expectNothingDoubled(accounts: Accounts): void {
  for (const kind of itemKinds) {
    expect(accounts[kind].acknowledged.doubled, `${kind} of the sender that arrived again`).toEqual([]);
    expect(accounts[kind].serverDoubled, `${kind} of the server that arrived again`).toBe(0);
  }
}

/** The stages agree: what a process made it exported, failed to or dropped; what the collector sent is what arrived. */
export function expectStagesAddUp(accounts: Accounts): void {
  for (const kind of itemKinds) {
    const { sdk, collector, backEnd } = accounts[kind];
    if (sdk !== undefined) {
      expect(sdk.made, `${kind} made by the server`).toBeGreaterThan(0);
      expect(sdk.made, `${kind} made by the server`).toBe(sdk.exported + sdk.failed + sdk.dropped);
    }
    expect(collector.sent, `${kind} sent by the collector, and those at the back end`).toBe(backEnd);
    expect(collector.sendFailed, `${kind} given up by the collector`).toBe(0);
  }
}

/** What was accepted came from those who were told so, and went on, each once. For as long as no collector was killed. */
export function expectAcceptedIsAcknowledged(accounts: Accounts): void {
  for (const kind of ['spans', 'log_records'] as const) {
    const { acknowledged, sdk, ofNoCall, collector } = accounts[kind];
    const before = collector.accepted - acknowledged.made - (sdk?.exported ?? 0);
    expect(before, `${kind} accepted, and neither acknowledged nor sent before the case`).toBeGreaterThanOrEqual(0);
    expect(before, `${kind} accepted, and neither acknowledged nor sent before the case`).toBeLessThanOrEqual(ofNoCall);
    expect(collector.sent, `${kind} sent, and accepted`).toBe(collector.accepted);
  }
}

/** What the senders were told holds a whole outage: nobody was refused, nothing failed and nothing was dropped. */
export function expectSendersNoticedNothing(accounts: Accounts): void {
  for (const kind of itemKinds) {
    const { refused, unanswered, sdk, collector } = accounts[kind];
    const told = { refused, unanswered, failed: sdk?.failed ?? 0, dropped: sdk?.dropped ?? 0, enqueueFailed: collector.enqueueFailed };
    expect(told, kind).toEqual({ refused: 0, unanswered: 0, failed: 0, dropped: 0, enqueueFailed: 0 });
  }
}

/** The account as lines of text, for the log of the run. */
export function accountText(title: string, accounts: Accounts): string {
  return [title, ...itemKinds.map((kind) => `  ${kind.padEnd(13)} ${lineOf(accounts[kind])}`)].join('\n');
}

function lineOf({ acknowledged, refused, unanswered, sdk, serverDoubled, collector, backEnd }: Account): string {
  const doubled = acknowledged.doubled.length + serverDoubled;
  return [
    `sender: acknowledged ${acknowledged.made}, refused ${refused}, unanswered ${unanswered}`,
    ...(sdk === undefined ? [] : [`server: made ${sdk.made}, exported ${sdk.exported}, failed ${sdk.failed}, dropped ${sdk.dropped}`]),
    `collector: accepted ${collector.accepted}, refused ${collector.refused}, sent ${collector.sent}`,
    `back end: ${backEnd}; lost ${acknowledged.missing.length}, doubled ${doubled}`,
  ].join(' | ');
}
