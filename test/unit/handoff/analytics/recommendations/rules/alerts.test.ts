import { describe, expect, it } from 'vitest';
import type { AlertFact, HighestFact } from '../../../../../../src/handoff/analytics/recommendations/facts/facts.js';
import { alertTooLoose } from '../../../../../../src/handoff/analytics/recommendations/rules/alertTooLoose.js';
import { alertTooTight } from '../../../../../../src/handoff/analytics/recommendations/rules/alertTooTight.js';
import { expectNothing, found, span } from '../facts.js';

describe('alert_too_tight', () => {
  const alert: AlertFact = { ...span, alert: 'memory', threshold: 70, timesRaised: 7, medianDurationMinutes: 15, medianValue: 72 };
  const of = (change: Partial<AlertFact>) => ({ alerts: [{ ...alert, ...change }] });
  it('raises the threshold above what raised it, and no share beyond what it can mean', () => {
    expect(found(alertTooTight, of({}))[0]?.change).toEqual({
      kind: 'setting',
      text: 'HANDOFF_ALERT_MEMORY_PERCENT=90',
      variable: 'HANDOFF_ALERT_MEMORY_PERCENT',
      from: 70,
      to: 90,
    });
    expect(
      found(alertTooTight, of({ threshold: 80, medianValue: 100, timesRaised: 90, medianDurationMinutes: 1 }))[0]?.change,
    ).toMatchObject({
      to: 95,
    });
  });
  it.each<Partial<AlertFact>>([
    { timesRaised: 6 },
    { medianDurationMinutes: 15.1 },
    { medianDurationMinutes: null },
    { medianValue: 87.6 },
    { medianValue: null },
    { threshold: 95, medianValue: 96 },
  ])('says nothing with %j', (change) => expectNothing(alertTooTight, of(change)));
});

describe('alert_too_loose', () => {
  const fact: HighestFact = {
    ...span,
    alert: 'response_time',
    threshold: 1000,
    timesRaised: 0,
    hours: 72,
    runs: 1000,
    highestHourlyP95Ms: 100,
  };
  const of = (change: Partial<HighestFact>) => ({ highest: [{ ...fact, ...change }] });
  it('lowers the threshold to three times the worst hour, and not below 50 ms', () => {
    expect(found(alertTooLoose, of({}))[0]?.change.text).toBe('HANDOFF_ALERT_RESPONSE_TIME_MS=300');
    expect(found(alertTooLoose, of({ alert: 'statement_time', highestHourlyP95Ms: 0.4 }))[0]?.change.text).toBe(
      'HANDOFF_ALERT_STATEMENT_TIME_MS=50',
    );
  });
  it.each<Partial<HighestFact>>([
    { timesRaised: 1 },
    { hours: 71 },
    { runs: 999 },
    { highestHourlyP95Ms: 100.1 },
    { threshold: 40, highestHourlyP95Ms: 1 },
  ])('says nothing with %j', (change) => expectNothing(alertTooLoose, of(change)));
});
