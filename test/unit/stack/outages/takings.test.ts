import { expect, it } from 'vitest';
import { TelemetryStore } from '../../../../src/testing/telemetryStore.js';
import { collectorLedger } from '../../../stack/outages/collectorLedger.js';
import { arrivalOf } from '../../../stack/outages/takings.js';

it('tells what is missing, what came again, and leaves out what others made', () => {
  expect(arrivalOf(['a', 'b', 'c'], ['b', 'x', 'c', 'b', 'b'])).toEqual({ made: 3, arrived: 2, missing: ['a'], doubled: ['b', 'b'] });
});

const text = (stringValue: string): object => ({ stringValue });

/** A report of a collector: the counter of accepted spans, of two receivers. */
function report(instance: string, values: readonly number[]): Buffer {
  const dataPoints = values.map((asInt, index) => ({
    asInt,
    timeUnixNano: '1',
    startTimeUnixNano: '1',
    attributes: [{ key: 'receiver', value: text(String(index)) }],
  }));
  const sum = { aggregationTemporality: 2, isMonotonic: true, dataPoints };
  const metrics = [{ name: 'otelcol_receiver_accepted_spans', sum }];
  const resource = { attributes: [{ key: 'service.instance.id', value: text(instance) }] };
  return Buffer.from(JSON.stringify({ resourceMetrics: [{ resource, scopeMetrics: [{ scope: { name: 'self' }, metrics }] }] }));
}

it('adds up the last report of every collector, and of every series in it', () => {
  const store = new TelemetryStore(100);
  for (const body of [report('life-0', [3, 10]), report('life-0', [5, 20]), report('life-1', [7])]) store.accept('metrics', 'json', body);
  expect(collectorLedger(store, 'spans')).toEqual({ accepted: 32, refused: 0, sent: 0, sendFailed: 0, enqueueFailed: 0 });
  expect(collectorLedger(store, 'log_records').accepted).toBe(0);
});
