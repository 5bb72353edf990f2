import { expect, it } from 'vitest';
import { factNames } from '../../../../../src/handoff/analytics/recommendations/facts/gather.js';
import { judge } from '../../../../../src/handoff/analytics/recommendations/judge.js';
import type { Finding, RecommendationSeverity } from '../../../../../src/handoff/analytics/recommendations/recommendation.js';
import type { Rule } from '../../../../../src/handoff/analytics/recommendations/rule.js';
import { rules } from '../../../../../src/handoff/analytics/recommendations/rules.js';
import { recommendationCodes } from '../../../../../src/telemetry/catalogue/analytics.js';

const finding = (subject: string, severity?: RecommendationSeverity): Finding => ({
  subject,
  ...(severity === undefined ? {} : { severity }),
  evidence: [],
  expectedEffect: '',
  change: { kind: 'agents', text: '' },
  howToCheck: '',
});
const rule = (severity: RecommendationSeverity, findings: readonly Finding[]): Rule => ({
  code: 'index_missing',
  title: 'title',
  severity,
  needs: [],
  when: '',
  source: '',
  find: () => findings,
});

it('there is one rule for each code, and each needs facts that are gathered', () => {
  expect(rules.map(({ code }) => code)).toEqual(recommendationCodes);
  for (const { code, needs } of rules)
    expect([code, needs.length > 0 && needs.every((name) => factNames.includes(name))]).toEqual([code, true]);
});

it('without facts nothing is recommended', () => {
  expect(judge(rules, {})).toEqual([]);
});

it('the most severe come first, and five of one rule at most', () => {
  const many = Array.from({ length: 6 }, (_, n) => finding(`n${n}`));
  const made = judge([rule('info', many), rule('warning', [finding('w'), finding('c', 'critical')])], {});
  expect(made.map(({ subject, severity }) => `${severity} ${subject}`)).toEqual([
    'critical c',
    'warning w',
    ...['n0', 'n1', 'n2', 'n3', 'n4'].map((subject) => `info ${subject}`),
  ]);
});
