import { expect, it } from 'vitest';
import * as testKit from '../../../src/testing.js';

// A pin: the literals are the public surface. Adding one is a decision, removing one breaks users.
it('exports exactly these values', () => {
  expect(Object.keys(testKit).sort()).toEqual([
    'FakeClock',
    'TelemetryMismatchError',
    'TelemetryTimeoutError',
    'childrenOf',
    'descendantsOf',
    'expectHistogramPoint',
    'expectLog',
    'expectMetricPoint',
    'expectOneSpan',
    'findLogs',
    'findMetricPoints',
    'findSpan',
    'findSpans',
    'latestPoints',
    'startOtlpReceiver',
    'traceOf',
  ]);
});
