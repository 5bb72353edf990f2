import { expect, it } from 'vitest';
import { plainAnswer } from '../../../../../src/handoff/analytics/answers/plainAnswer.js';

it('keeps what JSON would lose', () => {
  const answer = { at: new Date('2026-05-01T00:00:00Z'), typical: new Map([[9, 4.5]]), points: [{ value: null }], 'agent-"1"': 3 };
  expect(plainAnswer(answer)).toEqual({
    at: '2026-05-01T00:00:00.000Z',
    typical: { 9: 4.5 },
    points: [{ value: null }],
    'agent-"1"': 3,
  });
});
