import { expect, it } from 'vitest';
import { parsePosition, positionText } from '../../../../../src/handoff/lifecycle/sweeps/integrityPosition.js';
import { FIRST_ID } from '../../../../../src/handoff/lifecycle/sweeps/keyset.js';

const ID = '12345678-1234-4123-8123-123456789abc';

it.each([
  { after: FIRST_ID, long: [] },
  { after: ID, long: [] },
  {
    after: FIRST_ID,
    long: [
      { id: ID, upTo: 5000 },
      { id: FIRST_ID, upTo: 2_147_483_647 },
    ],
  },
])('is read as it was written: %j', (position) => {
  expect(parsePosition(positionText(position))).toEqual(position);
});

it('begins anew where it is not one, and leaves out what is none of a long session', () => {
  expect(parsePosition('')).toEqual({ after: FIRST_ID, long: [] });
  expect(parsePosition('nonsense')).toEqual({ after: FIRST_ID, long: [] });
  expect(parsePosition(`${ID} nonsense ${ID}:7`)).toEqual({ after: ID, long: [{ id: ID, upTo: 7 }] });
});
