import { beforeAll, expect, it } from 'vitest';
import {
  expectAcceptedIsAcknowledged,
  expectNothingDoubled,
  expectNothingLost,
  expectSendersNoticedNothing,
  expectStagesAddUp,
} from './equations.js';
import { openLab, type Lab } from './lab.js';
import { outage, type Fault } from './outage.js';
import { POINT } from './sender.js';
import type { Accounts } from './account.js';

// Back ends that are away under load: with the queue on disk, nobody upstream notices, and everything arrives once.

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
  return () => lab[Symbol.asyncDispose]();
});

function expectUnnoticed(accounts: Accounts): void {
  expectSendersNoticedNothing(accounts);
  expectNothingLost(accounts);
  expectNothingDoubled(accounts);
  expectAcceptedIsAcknowledged(accounts);
  expectStagesAddUp(accounts);
  expect(lab.server.failedCalls).toBe(0);
}

const faults: readonly Fault[] = [
  { title: 'Tempo is gone', begin: ({ tempo }) => tempo.down(), end: ({ tempo }) => tempo.up() },
  {
    title: 'Tempo hangs',
    begin: ({ tempo }) => tempo.behave('hanging'),
    end: async ({ tempo }) => {
      tempo.behave('taking');
      // What hangs is not answered later: the process is restarted.
      await tempo.down();
      await tempo.up();
    },
  },
  { title: 'Loki refuses', begin: ({ loki }) => loki.behave('refusing'), end: ({ loki }) => loki.behave('taking') },
];

it.each(faults)('$title: senders notice nothing, and everything arrives once', async (fault) => {
  expectUnnoticed(await outage(lab, fault));
});

it('Prometheus is killed and restarted: senders notice nothing, and it has every point once', async () => {
  const accounts = await outage(lab, {
    title: 'Prometheus is killed',
    begin: () => lab.prometheus.kill(),
    end: () => lab.prometheus.up(),
  });
  expectUnnoticed(accounts);
  const metric = POINT.replaceAll('.', '_');
  const counts = await lab.prometheus.query(`count_over_time(${metric}{service_instance_id="sender"}[1h])`);
  // It has all points of this file's senders, whose names differ.
  expect(counts.length).toBeGreaterThan(0);
  expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(accounts.metric_points.acknowledged.made);
});
