import { beforeAll, expect, it } from 'vitest';
import { expectAcceptedIsAcknowledged, expectNothingDoubled, expectNothingLost, expectStagesAddUp } from './equations.js';
import { openLab, type Lab } from './lab.js';
import { outage } from './outage.js';
import { itemKinds } from './takings.js';

// The collector away under load: it keeps what it has accepted, and senders keep the rest for as long as they can.

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
  return () => lab[Symbol.asyncDispose]();
});

it('stopped and started again: what it accepted arrives once, and what was not accepted is counted by the senders', async () => {
  const accounts = await outage(lab, {
    title: 'the collector is stopped',
    begin: ({ collector }) => collector.stop(),
    end: ({ collectorUp }) => collectorUp(),
  });
  expectNothingLost(accounts);
  expectNothingDoubled(accounts);
  expectStagesAddUp(accounts);
  expectAcceptedIsAcknowledged(accounts);
  for (const kind of itemKinds) expect(accounts[kind].unanswered, `${kind} sent meanwhile`).toBeGreaterThan(0);
  expect(lab.server.failedCalls).toBe(0);
});

it('killed and started again: what it accepted arrives', async () => {
  const accounts = await outage(lab, {
    title: 'the collector is killed',
    begin: ({ collector }) => collector.kill(),
    end: ({ collectorUp }) => collectorUp(),
  });
  expectNothingLost(accounts);
  for (const kind of ['spans', 'log_records'] as const) {
    const { sdk } = accounts[kind];
    expect(sdk?.made).toBe((sdk?.exported ?? 0) + (sdk?.failed ?? 0) + (sdk?.dropped ?? 0));
  }
  expect(lab.server.failedCalls).toBe(0);
});

it('killed while back ends have taken requests and not yet answered: nothing is lost, and only these requests arrive twice', async () => {
  const taken: Record<string, number> = {};
  const accounts = await outage(lab, {
    title: 'the collector is killed between a request and its answer',
    begin: async ({ tempo, loki, collector }) => {
      const before = { spans: tempo.store.spans.list().length, log_records: loki.store.logRecords.list().length };
      for (const backEnd of [tempo, loki]) backEnd.behave({ answersAfterMs: 4000 });
      // Requests that began before are answered by now, and those that began since are not.
      await new Promise((resolve) => setTimeout(resolve, 2500));
      await collector.kill();
      taken['spans'] = tempo.store.spans.list().length - before.spans;
      taken['log_records'] = loki.store.logRecords.list().length - before.log_records;
      for (const backEnd of [tempo, loki]) backEnd.behave('taking');
    },
    end: ({ collectorUp }) => collectorUp(),
  });
  expectNothingLost(accounts);
  for (const kind of ['spans', 'log_records'] as const) {
    const { acknowledged, serverDoubled } = accounts[kind];
    const doubled = acknowledged.doubled.length + serverDoubled;
    expect(doubled, `${kind} that arrived twice`).toBeGreaterThan(0);
    expect(doubled, `${kind} that arrived twice`).toBeLessThanOrEqual(taken[kind] ?? 0);
  }
});
