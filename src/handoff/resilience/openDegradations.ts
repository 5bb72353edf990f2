import { trace } from '@opentelemetry/api';
import type { Meter } from '@opentelemetry/api';
import { quietly } from '../../errors/quietly.js';
import { features, resilienceEvents, resilienceMetrics } from '../../telemetry/catalogue/resilience.js';
import { observeGauge } from '../../telemetry/instruments.js';
import type { Log } from '../../telemetry/log.js';
import { ATTR_EVENT_NAME, ATTR_HANDOFF_FEATURE } from '../../telemetry/semconv.js';
import type { Clock } from '../../time/clock.js';
import { Degradations } from './degradations.js';

export interface OpenedDegradations {
  readonly degradations: Degradations;
  /** Ends the metrics. */
  close(): void;
}

/** Creates the registry of a process: each change is a log record and an event of the active span, and the whole is a metric. */
export function openDegradations(log: Log, meter: Meter, clock: Clock): OpenedDegradations {
  const degradations = new Degradations(clock, (feature, degradation) => {
    const { name } = degradation === undefined ? resilienceEvents.featureRestored : resilienceEvents.featureDegraded;
    const facts = { [ATTR_HANDOFF_FEATURE]: feature, ...(degradation === undefined ? {} : { reason: degradation.reason }) };
    quietly(() => trace.getActiveSpan()?.addEvent(name, facts));
    const record = { [ATTR_EVENT_NAME]: name, ...facts };
    if (degradation === undefined) quietly(() => log.info(record, `the ${feature} works again`));
    else quietly(() => log.warn(record, `the server works without its ${feature}. ${degradation.effect}`));
  });
  const closeSince = observeGauge(meter, resilienceMetrics.degradedSince, (report) => {
    const since = new Map(degradations.list().map((each) => [each.feature, Date.parse(each.since) / 1000]));
    for (const feature of features) report(since.get(feature) ?? 0, { [ATTR_HANDOFF_FEATURE]: feature });
  });
  const closeState = observeGauge(meter, resilienceMetrics.degraded, (report) => {
    const off = new Set(degradations.list().map(({ feature }) => feature));
    for (const feature of features) report(off.has(feature) ? 1 : 0, { [ATTR_HANDOFF_FEATURE]: feature });
  });
  return {
    degradations,
    close: () => {
      closeSince();
      closeState();
    },
  };
}
