import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as Cockatiel from 'cockatiel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertNotice } from '../../../../src/handoff/notification/alertNotice.js';
import { Notifier } from '../../../../src/handoff/notification/notifier.js';
import type { AlertTargets } from '../../../../src/handoff/notification/notifier.js';
import { FakeClock } from '../../../../src/testing/fakeClock.js';
import { startReceiver } from './receiver.js';
import type { Receiver } from './receiver.js';

let receiver: Receiver;
let clock: FakeClock;
let notifier: Notifier;
let deliveries: string[];

const START = Date.UTC(2026, 0, 1);
const raised: AlertNotice = {
  kind: 'threshold',
  name: 'memory',
  scope: 'server:a',
  title: 'HandoffMemoryHigh',
  severity: 'warning',
  service: 'svc',
  server: 'a',
  summary: 'The memory is high.',
  advice: 'Look.',
  value: 91,
  threshold: 80,
  unit: '%',
  startsAtMs: START,
};
const over: AlertNotice = { ...raised, endsAtMs: START + 1000, cause: 'recovered' };
const key = 'memory/server:a';

function create(targets: AlertTargets, load: () => Promise<typeof Cockatiel> = () => import('cockatiel')): Notifier {
  notifier = new Notifier(targets, {
    clock,
    loadCockatiel: load,
    onDelivery: (target, delivery) => deliveries.push(`${target} ${delivery}`),
    pauses: { firstMs: 5, longestMs: 20, repetitions: 3 },
  });
  return notifier;
}

beforeEach(async () => {
  receiver = await startReceiver();
  clock = new FakeClock(START);
  deliveries = [];
});
afterEach(async () => {
  await notifier.stop(0);
  await receiver[Symbol.asyncDispose]();
});

describe('a webhook', () => {
  it('is told of a beginning and an end, signed, in the order in which they came', async () => {
    create({ webhookUrls: [`${receiver.url}/hook`], webhookSecret: 'a-secret-of-sixteen' });
    const told = [notifier.raised(key, raised), notifier.told(key, over)];
    expect(await Promise.all(told)).toEqual([true, true]);
    expect(receiver.received.map(({ path }) => path)).toEqual(['/hook', '/hook']);
    expect(receiver.received.map(({ body }) => body)).toMatchObject([
      { version: 1, key, status: 'firing', name: 'memory', value: 91, threshold: 80, startsAt: '2026-01-01T00:00:00.000Z' },
      { key, status: 'resolved', cause: 'recovered', endsAt: '2026-01-01T00:00:01.000Z' },
    ]);
    const { headers, text = '' } = receiver.received[0] ?? {};
    const expected = createHmac('sha256', 'a-secret-of-sixteen')
      .update(`${START / 1000}.${text}`)
      .digest('hex');
    expect(headers?.['handoff-signature']).toBe(`t=${START / 1000},v1=${expected}`);
  });

  it('is told again after a failure that passes, with the same id', async () => {
    create({ webhookUrls: [receiver.url] });
    receiver.answerWith(503, 503, 200);
    expect(await notifier.raised(key, raised)).toBe(true);
    expect(receiver.received.length).toBe(3);
    expect(new Set(receiver.received.map(({ body }) => (body as { id: string }).id)).size).toBe(1);
    expect(deliveries).toEqual(['webhook delivered']);
  });

  it('that refuses is not asked again', async () => {
    create({ webhookUrls: [receiver.url] });
    receiver.answerWith(401);
    expect(await notifier.raised(key, raised)).toBe(false);
    expect([receiver.received.length, deliveries]).toEqual([1, ['webhook failed']]);
  });

  it('that hangs is given up, and holds nobody up', async () => {
    create({ webhookUrls: [receiver.url], timeoutMs: 100 });
    receiver.answerWith('hang');
    expect(await notifier.raised(key, raised)).toBe(false);
    // However many of the four attempts have arrived on a busy machine.
    expect(receiver.received.length).toBeLessThanOrEqual(4);
    expect(deliveries).toEqual(['webhook failed']);
  });

  it('holds a bounded number of notices; the oldest is dropped and counted', async () => {
    create({ webhookUrls: [receiver.url] });
    receiver.answerWith('hang');
    const told = Array.from({ length: 102 }, () => notifier.raised(key, raised));
    // One is under way, a hundred wait.
    expect(await told[1]).toBe(false);
    expect(deliveries).toEqual(['webhook dropped']);
    expect(notifier.waiting).toBe(100);
  });

  it('gets user and password of its address as a header', async () => {
    create({ webhookUrls: [receiver.url.replace('//', '//ada:p%40ss@')] });
    expect(await notifier.raised(key, raised)).toBe(true);
    expect(receiver.received[0]?.headers['authorization']).toBe(`Basic ${Buffer.from('ada:p@ss').toString('base64')}`);
  });

  it('is told once where the library that repeats is not installed', async () => {
    create({ webhookUrls: [receiver.url] }, () => Promise.reject(new Error('missing')));
    receiver.answerWith(500);
    expect(await notifier.raised(key, raised)).toBe(false);
    expect(receiver.received.length).toBe(1);
  });
});

describe('Alertmanager', () => {
  it('is told again each minute for as long as the alert holds, and of its end', async () => {
    create({ alertmanagerUrls: [`${receiver.url}/am/`] });
    await notifier.raised(key, raised);
    await clock.advance(60_000);
    await expect.poll(() => receiver.received.length).toBe(2);
    expect(receiver.received[1]).toMatchObject({
      path: '/am/api/v2/alerts',
      body: [
        {
          labels: { alertname: 'HandoffMemoryHigh', job: 'svc', area: 'handoff', severity: 'ticket', scope: 'server:a' },
          annotations: { summary: 'The memory is high.', description: 'Look.', server: 'a', value: '91 %', threshold: '80 %' },
          startsAt: '2026-01-01T00:00:00.000Z',
          endsAt: '2026-01-01T00:05:00.000Z',
        },
      ],
    });
    await notifier.told(key, over);
    expect(receiver.received[2]?.body).toMatchObject([{ endsAt: '2026-01-01T00:00:01.000Z' }]);
    await clock.advance(120_000);
    expect(receiver.received.length).toBe(3);
  });

  it('is told by every server that has the breach, under the same labels', async () => {
    create({ alertmanagerUrls: [receiver.url], webhookUrls: [`${receiver.url}/hook`] });
    notifier.held('error_rate/service', { ...raised, name: 'error_rate', scope: 'service', server: 'b' });
    await expect.poll(() => receiver.received.length).toBe(1);
    expect(receiver.received[0]?.path).toBe('/api/v2/alerts');
    notifier.released('error_rate/service');
    await clock.advance(60_000);
    expect(receiver.received.length).toBe(1);
  });

  it('is told with a secret from a file, read anew each time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'handoff-secret-'));
    const file = join(folder, 'token');
    writeFileSync(file, 'one\n');
    create({ alertmanagerUrls: [receiver.url], alertmanagerBearerTokenFile: file });
    await notifier.raised(key, raised);
    writeFileSync(file, 'two\n');
    await notifier.told(key, over);
    expect(receiver.received.map(({ headers }) => headers['authorization'])).toEqual(['Bearer one', 'Bearer two']);
    rmSync(folder, { recursive: true });
    expect(await notifier.raised(key, raised)).toBe(false);
  });

  it('that is configured later learns of the alerts that hold', async () => {
    create({});
    await notifier.raised(key, raised);
    notifier.configure({ alertmanagerUrls: [receiver.url] });
    await clock.advance(60_000);
    await expect.poll(() => receiver.received.length).toBe(1);
  });
});

it('neither throws nor tells anybody without targets', async () => {
  create({});
  expect(await notifier.raised(key, raised)).toBe(true);
  expect(await notifier.told(key, over)).toBe(true);
  expect(deliveries).toEqual([]);
});
