import type { CapturedLog, CapturedSpan } from './captured.js';

const resource = { 'service.name': 'shop', 'host.name': 'a' } as const;

/** A span of a trace that exists for tests of the evaluators. */
export function sampleSpan(overrides: Partial<CapturedSpan>): CapturedSpan {
  return {
    traceId: 't1',
    spanId: 's1',
    parentSpanId: '',
    name: 'tools/call buy',
    kind: 2,
    startS: 100,
    durationS: 0.5,
    status: 0,
    statusMessage: '',
    attributes: {},
    resource,
    scope: 'shop',
    events: [],
    ...overrides,
  };
}

export function sampleLog(overrides: Partial<CapturedLog>): CapturedLog {
  return {
    traceId: 't1',
    spanId: 's1',
    severityNumber: 9,
    severityText: 'info',
    body: 'bought',
    attributes: {},
    resource,
    scope: 'shop',
    ...overrides,
  };
}
