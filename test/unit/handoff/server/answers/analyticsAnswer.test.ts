import { expect, it } from 'vitest';
import type { AnalyticsAnswer } from '../../../../../src/handoff/analytics/answers/answer.js';
import type { AnalyticsRequest } from '../../../../../src/handoff/analytics/answers/request.js';
import { analyticsAnswer } from '../../../../../src/handoff/server/answers/analyticsAnswer.js';

/** Parts of a series, of 100 bytes and more each, as a range of 24 days has them. */
const PARTS = { hour: 576, day: 24, week: 4, month: 1 } as const;

/** An answer of as many parts as the request makes; by default hours. */
function service() {
  const asked: (string | undefined)[] = [];
  const answer = async (_type: unknown, { granularity = 'hour' }: AnalyticsRequest): Promise<AnalyticsAnswer> => {
    asked.push(granularity);
    return { type: 'sessions', granularity, parts: Array.from({ length: PARTS[granularity] }, (_, at) => ({ at, text: 'x'.repeat(100) })) };
  };
  return { asked, answer };
}

it('is given as it is where it fits', async () => {
  const { asked, answer } = service();
  const given = await analyticsAnswer({ answer }, 'sessions', {}, { bytes: 1_000_000, isStructured: true });
  expect([given.granularity, asked]).toEqual(['hour', ['hour']]);
});

it('has larger parts where the request leaves that open, no larger than it takes', async () => {
  const { asked, answer } = service();
  const given = await analyticsAnswer({ answer }, 'sessions', {}, { bytes: 20_000, isStructured: true });
  expect([given.granularity, asked]).toEqual(['day', ['hour', 'day']]);
});

it('is refused where the request says how large parts are, and where nothing fits', async () => {
  const problems = [{ path: 'granularity', problem: 'makes an answer of more than 20000 bytes' }];
  const refused = analyticsAnswer(service(), 'sessions', { granularity: 'hour' }, { bytes: 20_000, isStructured: false });
  await expect(refused).rejects.toMatchObject({ code: 'HANDOFF_TIME_RANGE_INVALID', data: { problems } });
  await expect(analyticsAnswer(service(), 'sessions', {}, { bytes: 50, isStructured: false })).rejects.toThrow('more than 50 bytes');
});

it('of now has fewer of its list, and says how many are left out', async () => {
  const anomalies = Array.from({ length: 100 }, (_, at) => ({ at, text: 'x'.repeat(100) }));
  const answer = async (): Promise<AnalyticsAnswer> => ({ type: 'anomalies', anomalies });
  const whole = await analyticsAnswer({ answer }, 'anomalies', {}, { bytes: 1_000_000, isStructured: true });
  expect(whole).toEqual({ type: 'anomalies', anomalies });
  const bytes = 6000;
  const given = await analyticsAnswer({ answer }, 'anomalies', {}, { bytes, isStructured: false });
  expect(given).toEqual({ type: 'anomalies', anomalies: anomalies.slice(0, 25), leftOut: 75 });
  expect(JSON.stringify(given).length).toBeLessThan(bytes);
});
