import { beforeAll, expect, it } from 'vitest';
import { expectAcceptedIsAcknowledged, expectNothingDoubled, expectNothingLost, expectStagesAddUp } from './equations.js';
import { openLab, type Lab } from './lab.js';
import { outage } from './outage.js';

// Outages longer than a queue can bridge, with queues made small for it: what is lost is counted where it is lost.

const SDK_QUEUE_ITEMS = 50;
/** Far less than there are spans in an outage, and several times what the server sends of metrics at once. */
const COLLECTOR_QUEUE_ITEMS = 800;

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({
    OTEL_BSP_MAX_QUEUE_SIZE: String(SDK_QUEUE_ITEMS),
    OTEL_BSP_MAX_EXPORT_BATCH_SIZE: String(SDK_QUEUE_ITEMS),
    OTEL_BLRP_MAX_QUEUE_SIZE: String(SDK_QUEUE_ITEMS),
    OTEL_BLRP_MAX_EXPORT_BATCH_SIZE: String(SDK_QUEUE_ITEMS),
  });
  return () => lab[Symbol.asyncDispose]();
});

it('the queue of a process overflows while the collector is away: it counts what it drops, and calls succeed', async () => {
  const accounts = await outage(lab, {
    title: 'a queue of 50 in the process',
    begin: ({ collector }) => collector.stop(),
    end: ({ collectorUp }) => collectorUp(),
  });
  expectNothingLost(accounts);
  expectNothingDoubled(accounts);
  expectStagesAddUp(accounts);
  expectAcceptedIsAcknowledged(accounts);
  expect(accounts.spans.sdk?.dropped).toBeGreaterThan(0);
  expect(lab.server.failedCalls).toBe(0);
});

it("the collector's queue overflows while Tempo is away: it refuses what does not fit, and keeps what it accepted", async () => {
  const accounts = await outage(lab, {
    title: `a queue of ${COLLECTOR_QUEUE_ITEMS} in the collector`,
    env: { OTELCOL_QUEUE_ITEMS: String(COLLECTOR_QUEUE_ITEMS) },
    begin: ({ tempo }) => tempo.down(),
    end: ({ tempo }) => tempo.up(),
  });
  expectNothingLost(accounts);
  expectNothingDoubled(accounts);
  expectStagesAddUp(accounts);
  const { spans, metric_points: points, log_records: records } = accounts;
  expect(spans.refused, 'spans of the sender that were refused').toBeGreaterThan(0);
  // A refused request of the server is sent again, and counted again, until it fits or its time is over.
  expect(spans.collector.refused).toBeGreaterThanOrEqual(spans.refused + (spans.sdk?.failed ?? 0));
  expect(spans.collector.enqueueFailed).toBe(spans.collector.refused);
  expect(spans.collector.accepted).toBe(spans.acknowledged.made + (spans.sdk?.exported ?? 0));
  expect([points.refused, records.refused], 'refused of the other signals').toEqual([0, 0]);
});

it('a back end that takes requests and answers too late gets them again: nothing is lost, and the copies are counted', async () => {
  const accounts = await outage(lab, {
    title: 'Tempo answers too late',
    begin: ({ tempo }) => tempo.behave({ answersAfterMs: 7000 }),
    end: ({ tempo }) => tempo.behave('taking'),
    // Longer than the collector waits for an answer of Tempo, which is 5 s.
    lastsMs: 6000,
  });
  expectNothingLost(accounts);
  const { spans, log_records: records, metric_points: points } = accounts;
  expect(spans.acknowledged.doubled.length + spans.serverDoubled).toBeGreaterThan(0);
  // The other signals do not suffer.
  for (const { acknowledged, serverDoubled } of [records, points]) expect(acknowledged.doubled.length + serverDoubled).toBe(0);
  // A collector that is stopped counts what it is sending as failed, although it keeps it in the queue on disk for the next start.
  expect(spans.collector.sendFailed).toBe(spans.collector.accepted - spans.collector.sent);
  // Without the copies, there is just what was accepted.
  expect(spans.backEnd - spans.acknowledged.doubled.length - spans.serverDoubled).toBe(spans.collector.accepted);
});
