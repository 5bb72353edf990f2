import { expect, it } from 'vitest';
import { LiveAnalyticsConfig, variableOf } from '../../../../src/handoff/analytics/analyticsConfig.js';
import { analyticsConfig } from '../../../../src/handoff/cli/serve/analyticsConfig.js';
import { resolveConfig } from '../../../../src/handoff/config/resolve.js';
import { analyticsVariables } from '../../../../src/variables/monitoringVariables.js';

const ENV = { HOME: '/home/ada' };

it('every variable of analytics has a value, with the same default', () => {
  expect(Object.values(variableOf).sort()).toEqual(Object.keys(analyticsVariables).sort());
  expect(analyticsConfig(resolveConfig(ENV).settings)).toEqual(new LiveAnalyticsConfig({}).value);
});

it('takes what is given and keeps the rest', () => {
  const live = new LiveAnalyticsConfig({ trendAnalysisWindow: 7 });
  expect(live.value).toMatchObject({ aggregationInterval: 1, trendAnalysisWindow: 7 });
  live.change({ aggregationInterval: 60 });
  expect(live.value).toMatchObject({ aggregationInterval: 60, trendAnalysisWindow: 7 });
});

it.each([
  { aggregationInterval: 0 },
  { aggregationInterval: 61 },
  { aggregationInterval: 1.5 },
  { trendAnalysisWindow: 0 },
  { trendAnalysisWindow: 366 },
  { trendAnalysisWindow: NaN },
])('refuses %j, and then changes nothing', (wrong) => {
  const live = new LiveAnalyticsConfig({});
  const before = live.value;
  expect(() => live.change({ aggregationInterval: 5, trendAnalysisWindow: 5, ...wrong })).toThrow(/analytics\.\w+ must be a whole number/u);
  expect(live.value).toEqual(before);
  expect(() => new LiveAnalyticsConfig(wrong)).toThrow(/must be/u);
});
