import { expect, it } from 'vitest';
import { RetentionInvalidError } from '../../../../src/errors/retentionErrors.js';
import { requireRecordable } from '../../../../src/handoff/retention/validation.js';

it.each([
  ['blank', ' \n'],
  ['longer than 100 characters', 'a'.repeat(101)],
  ['with a NUL character, which PostgreSQL cannot store', 'a\0b'],
  ['with half of a surrogate pair, which PostgreSQL cannot store', 'a\ud83d'],
])('does not take an actor that is %s', (_what, actor) => {
  expect(() => requireRecordable(actor)).toThrow(RetentionInvalidError);
});

it('takes what can be recorded', () => {
  expect(() => requireRecordable('a'.repeat(100), 'a reason 😀')).not.toThrow();
  expect(() => requireRecordable('ann', 'a\0b')).toThrow('reason');
});
