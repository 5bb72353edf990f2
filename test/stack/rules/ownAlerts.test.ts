import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { AlertNotice } from '../../../src/handoff/notification/alertNotice.js';
import { Notifier } from '../../../src/handoff/notification/notifier.js';
import { systemClock } from '../../../src/time/clock.js';
import { startReceiver } from '../../unit/handoff/notification/receiver.js';
import type { Receiver } from '../../unit/handoff/notification/receiver.js';
import { startAlertmanager } from '../live/programs/alertmanager.js';
import { programs } from '../programs/programs.js';

// What servers tell Alertmanager of their own thresholds, and what a real one makes of it.

interface Told {
  readonly status: string;
  readonly alerts: readonly { readonly status: string; readonly labels: Readonly<Record<string, string>> }[];
}

let folder = '';
let receiver: Receiver;
let alertmanager: Awaited<ReturnType<typeof startAlertmanager>>;
let notifiers: Notifier[];
const deliveries: string[] = [];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-own-alerts-'));
  receiver = await startReceiver();
  const { alertmanager: binary } = await programs(['alertmanager']);
  const config = `route: { receiver: all, group_by: [alertname], group_wait: 200ms, group_interval: 500ms, repeat_interval: 1h }
receivers: [{ name: all, webhook_configs: [{ url: '${receiver.url}/told', send_resolved: true }] }]
`;
  alertmanager = await startAlertmanager({ name: 'alertmanager', binary, logFolder: folder, config });
});
afterAll(async () => {
  await alertmanager[Symbol.asyncDispose]();
  await receiver[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  const create = (): Notifier =>
    new Notifier(
      { alertmanagerUrls: [alertmanager.url('http')] },
      {
        clock: systemClock,
        loadCockatiel: () => import('cockatiel'),
        onDelivery: (target, delivery) => deliveries.push(`${target} ${delivery}`),
      },
    );
  notifiers = [create(), create()];
});
afterEach(() => Promise.all(notifiers.map((notifier) => notifier.stop(0))));

const told = (): Told[] => receiver.received.map(({ body }) => body as Told);

function notice(server: string): AlertNotice {
  return {
    kind: 'threshold',
    name: 'pool',
    scope: 'service',
    title: 'HandoffPoolHigh',
    severity: 'critical',
    service: 'svc',
    server,
    summary: 'The pool is used up.',
    advice: 'Look.',
    value: 97,
    threshold: 90,
    unit: '%',
    startsAtMs: Date.now() - 1000,
  };
}

test('an alert that two servers tell of is one, and its end ends it', async () => {
  const key = 'pool/service';
  const results = await Promise.all(notifiers.map((notifier, index) => notifier.raised(key, notice(`server-${index}`))));
  expect([results, deliveries]).toEqual([
    [true, true],
    ['alertmanager delivered', 'alertmanager delivered'],
  ]);
  await expect.poll(() => told().length, { timeout: 20_000 }).toBe(1);
  expect(told()[0]).toMatchObject({
    status: 'firing',
    alerts: [{ labels: { alertname: 'HandoffPoolHigh', job: 'svc', area: 'handoff', severity: 'page', scope: 'service' } }],
  });
  // Each has its own end to tell; the last one told ends it for all.
  await Promise.all(
    notifiers.map((notifier, index) => notifier.told(key, { ...notice(`server-${index}`), endsAtMs: Date.now(), cause: 'recovered' })),
  );
  await expect.poll(() => told().at(-1)?.status, { timeout: 20_000 }).toBe('resolved');
  expect(told().map(({ status, alerts }) => [status, alerts.length])).toEqual([
    ['firing', 1],
    ['resolved', 1],
  ]);
});
