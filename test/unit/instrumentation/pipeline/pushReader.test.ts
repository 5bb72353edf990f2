import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { expect, it } from 'vitest';
import type { Delivery } from '../../../../src/instrumentation/pipeline/otlp/delivery.js';
import { createPushReader } from '../../../../src/instrumentation/pipeline/pushReader.js';
import { loadSdk } from '../../../../src/instrumentation/sdk/sdkModules.js';

const sdk = loadSdk();
const valueIn = ({ scopeMetrics }: ResourceMetrics): unknown => scopeMetrics[0]?.metrics[0]?.dataPoints[0]?.value;

/** A reader whose receiver answers when the test says. */
function pushing() {
  const sent: unknown[] = [];
  const answers: ((delivery: Delivery) => void)[] = [];
  const push = createPushReader({
    sdk,
    intervalMs: 3_600_000,
    temporality: () => sdk.metrics.AggregationTemporality.CUMULATIVE,
    flushTimeoutMs: 1000,
    send: (metrics) => {
      sent.push(valueIn(metrics));
      return new Promise((resolve) => answers.push(resolve));
    },
  });
  const provider = new sdk.metrics.MeterProvider({ readers: [push.reader] });
  return { push, provider, counter: provider.getMeter('test').createCounter('counter'), sent, answers };
}

it('sends at a flush what was measured while an earlier export was under way, after that one', async () => {
  const { push, provider, counter, sent, answers } = pushing();
  counter.add(1);
  const first = push.flush();
  await expect.poll(() => sent).toEqual([1]);
  counter.add(1);
  const second = push.flush();
  answers[0]?.({ delivered: true });
  await first;
  await expect.poll(() => sent).toEqual([1, 2]);
  answers[1]?.({ delivered: true });
  await second;
  expect(push.counts()).toEqual({ delivered: 2, failed: 0 });
  await provider.shutdown();
});

it('counts an export of which a part was rejected as delivered, and as a failure of that kind', async () => {
  const { push, provider, counter, answers } = pushing();
  counter.add(1);
  const flushed = push.flush();
  await expect.poll(() => answers.length).toBe(1);
  answers[0]?.({ delivered: true, rejected: 1 });
  await flushed;
  expect([push.counts(), [...push.failures()]]).toEqual([{ delivered: 1, failed: 0 }, [['rejected', 1]]]);
  await provider.shutdown();
});
