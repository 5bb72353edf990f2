import type { Meter } from '@opentelemetry/api';
import { anomalyMetrics } from '../../../telemetry/catalogue/anomalies.js';
import { createInstrument } from '../../../telemetry/instruments.js';
import type { AnomalyRecorders } from './dependencies.js';

export function anomalyRecorders(meter: Meter): AnomalyRecorders {
  return {
    found: createInstrument(meter, anomalyMetrics.found),
    open: createInstrument(meter, anomalyMetrics.open),
    lag: createInstrument(meter, anomalyMetrics.lag),
    stateSize: createInstrument(meter, anomalyMetrics.stateSize),
    duration: createInstrument(meter, anomalyMetrics.duration),
    judged: createInstrument(meter, anomalyMetrics.judged),
  };
}
