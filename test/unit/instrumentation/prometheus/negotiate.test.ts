import { describe, expect, it } from 'vitest';
import { formatFor, takesGzip } from '../../../../src/instrumentation/prometheus/negotiate.js';

const PROMETHEUS_3 =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1';
const PROMETHEUS_WITH_PROTOBUF = `application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,${PROMETHEUS_3}`;

describe('the format', () => {
  it.each([
    [PROMETHEUS_3, 'openmetrics'],
    [PROMETHEUS_WITH_PROTOBUF, 'openmetrics'],
    ['application/openmetrics-text; version="1.0.0"', 'openmetrics'],
    ['Application/OpenMetrics-Text', 'openmetrics'],
    ['text/plain;version=0.0.4;q=0.9, application/openmetrics-text;q=0.8', 'text'],
    ['application/openmetrics-text;q=0.8, text/plain;version=0.0.4;q=0.9', 'text'],
    ['text/plain;q=0.5, application/openmetrics-text;q=0.5', 'text'],
    ['application/openmetrics-text;version=0.0.1, text/plain;q=0.5', 'text'],
    ['application/openmetrics-text;q=0', 'text'],
    ['application/openmetrics-text;q=nonsense', 'text'],
    ['application/openmetrics-text;q=2, text/plain;q=0.5', 'text'],
    ['application/json', 'text'],
    ['*/*', 'text'],
    ['', 'text'],
    [undefined, 'text'],
  ])('for %s is %s', (accept, expected) => {
    expect(formatFor(accept)).toBe(expected);
  });
});

describe('gzip', () => {
  it.each([
    ['gzip', true],
    ['br, GZIP;q=0.5', true],
    ['*', true],
    ['gzip;q=0, *', false],
    ['*;q=0', false],
    ['identity', false],
    ['', false],
    [undefined, false],
  ])('for %s: %s', (header, expected) => {
    expect(takesGzip(header)).toBe(expected);
  });
});
