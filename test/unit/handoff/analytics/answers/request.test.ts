import { expect, it } from 'vitest';
import { TimeRangeError } from '../../../../../src/errors/analyticsErrors.js';
import { inTermsOfRequest, readRequest } from '../../../../../src/handoff/analytics/answers/request.js';
import { checkedRange } from '../../../../../src/handoff/analytics/ranges/timeRange.js';

const NOW = Date.parse('2026-05-10T12:00:00Z');

it('takes the last seven days where nothing is said', () => {
  expect(readRequest({}, NOW)).toEqual({ start: new Date('2026-05-03T12:00:00Z'), end: new Date(NOW), timeZone: 'UTC' });
});

it('counts "so long ago" from the end of the range', () => {
  expect(readRequest({ from: '2d', to: '2026-05-01', timeZone: 'Europe/Berlin', groupBy: 'agent', maxGroups: 3 }, NOW)).toEqual({
    start: new Date('2026-04-28T22:00:00Z'),
    end: new Date('2026-04-30T22:00:00Z'),
    timeZone: 'Europe/Berlin',
    groupBy: 'agent',
    maxGroups: 3,
  });
});

const pathsOf = async (work: () => unknown): Promise<readonly string[]> => {
  const error: unknown = await inTermsOfRequest(async () => work()).catch((thrown: unknown) => thrown);
  if (!(error instanceof TimeRangeError)) throw new Error('expected a TimeRangeError', { cause: error });
  return error.data.problems.map(({ path }) => path);
};

it('names what is wrong as the request does', async () => {
  expect(await pathsOf(() => readRequest({ from: 'x', to: 'y' }, NOW))).toEqual(['from', 'to']);
  expect(await pathsOf(() => readRequest({ timeZone: 'Mars' }, NOW))).toEqual(['timeZone']);
  expect(await pathsOf(() => checkedRange(readRequest({ from: '2026-05-02', to: '2026-05-01' }, NOW), NOW))).toEqual(['to']);
  expect(await pathsOf(() => checkedRange(readRequest({ from: '9999d' }, NOW), NOW))).toEqual(['from']);
});

it('passes other errors on', async () => {
  await expect(inTermsOfRequest(() => Promise.reject(new TypeError('other')))).rejects.toThrow('other');
});
