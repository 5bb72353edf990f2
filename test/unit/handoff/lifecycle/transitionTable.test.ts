import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allowedIn, follow, isAllowed, transitionNames, transitions } from '../../../../src/handoff/lifecycle/transitionTable.js';
import type { TransitionName } from '../../../../src/handoff/lifecycle/transitionTable.js';
import { sessionStates, stateOf } from '../../../../src/handoff/sessions/sessionState.js';
import type { SessionState } from '../../../../src/handoff/sessions/sessionState.js';
import { sessionStatuses } from '../../../../src/handoff/sessions/types.js';

/** Every pair of a state and a transition, written down by hand: `-` is refused. */
const EXPECTED: Readonly<Record<SessionState, Readonly<Record<TransitionName, SessionState | '-'>>>> = {
  active: {
    sleep: 'dormant',
    wake: '-',
    complete: 'completed',
    accept: '-',
    expire: 'expired',
    archive: '-',
    restore: '-',
    purge: '-',
    erase: 'purged',
  },
  dormant: {
    sleep: '-',
    wake: 'active',
    complete: 'completed',
    accept: '-',
    expire: 'expired',
    archive: '-',
    restore: '-',
    purge: '-',
    erase: 'purged',
  },
  completed: {
    sleep: '-',
    wake: '-',
    complete: '-',
    accept: 'active',
    expire: '-',
    archive: 'archived',
    restore: '-',
    purge: '-',
    erase: 'purged',
  },
  expired: {
    sleep: '-',
    wake: '-',
    complete: '-',
    accept: '-',
    expire: '-',
    archive: 'archived',
    restore: '-',
    purge: '-',
    erase: 'purged',
  },
  archived: {
    sleep: '-',
    wake: '-',
    complete: '-',
    accept: '-',
    expire: '-',
    archive: '-',
    restore: 'expired',
    purge: 'purged',
    erase: 'purged',
  },
  purged: { sleep: '-', wake: '-', complete: '-', accept: '-', expire: '-', archive: '-', restore: '-', purge: '-', erase: '-' },
};

describe.each(sessionStates)('in state %s', (state) => {
  it.each(transitionNames)('%s leads where it must', (name) => {
    const expected = EXPECTED[state][name];
    expect(follow(name, state, 'expired') ?? '-').toBe(expected);
    expect(isAllowed(name, state)).toBe(expected !== '-');
    expect(allowedIn(state).includes(name)).toBe(expected !== '-');
  });
});

it('restores a session to the state that it was archived in, and nowhere without it', () => {
  expect(follow('restore', 'archived', 'completed')).toBe('completed');
  expect(follow('restore', 'archived')).toBeUndefined();
});

it('says of every transition who causes it and when, under its own name', () => {
  for (const name of transitionNames) {
    const { by, when, from } = transitions[name];
    expect(transitions[name].name).toBe(name);
    expect([by.length > 0, from.length > 0, when.length > 10]).toEqual([true, true, true]);
    expect(from).toEqual([...new Set(from)]);
  }
});

it('nothing leaves the state purged, and every other state has a way there', () => {
  const reaches = (state: SessionState, seen: readonly SessionState[] = []): boolean =>
    state === 'purged' ||
    allowedIn(state)
      .map((name) => follow(name, state, 'expired'))
      .some((next) => next !== undefined && !seen.includes(next) && reaches(next, [...seen, state]));
  expect(allowedIn('purged')).toEqual([]);
  expect(sessionStates.filter((state) => !reaches(state))).toEqual([]);
});

it('sweeps alone take every session to its end: none is left for ever', () => {
  const bySweep = (state: SessionState): SessionState[] =>
    allowedIn(state)
      .filter((name) => transitions[name].by.includes('sweep'))
      .map((name) => follow(name, state, 'expired'))
      .filter((next) => next !== undefined);
  const ends = (state: SessionState): boolean => state === 'purged' || (bySweep(state).length > 0 && bySweep(state).every(ends));
  expect(sessionStates.filter((state) => !ends(state))).toEqual([]);
});

it('on any walk nothing wakes what has ended but its acceptance, and nothing comes after purged', () => {
  const walk = fc.array(fc.constantFrom(...transitionNames), { maxLength: 200 });
  fc.assert(
    fc.property(walk, (names) => {
      let state: SessionState = 'active';
      let before: 'completed' | 'expired' | undefined;
      for (const name of names) {
        const next: SessionState | undefined = follow(name, state, before);
        if (next === undefined) continue;
        expect(state, `${name} after purged`).not.toBe('purged');
        if (name === 'archive') before = state as 'completed' | 'expired';
        if (name === 'restore') expect(next).toBe(before);
        if (next === 'active' && state !== 'dormant')
          expect([state === 'archived' ? before : state, name]).toEqual(['completed', 'accept']);
        state = next;
      }
    }),
  );
});

it.each([
  ['active', false, false, 'active'],
  ['active', true, false, 'dormant'],
  ['active', true, true, 'archived'],
  ['active', false, true, 'archived'],
  ['completed', false, false, 'completed'],
  ['completed', true, false, 'completed'],
  ['completed', true, true, 'archived'],
  ['expired', true, false, 'expired'],
  ['expired', false, true, 'archived'],
  ['cancelled', false, false, 'completed'],
  ['something else', true, false, 'completed'],
] as const)('status %s, dormant %s, archived %s is %s', (status, isDormant, isArchived, state) => {
  expect(stateOf({ status, isDormant, isArchived })).toBe(state);
});

it('knows a state for every stored status', () => {
  for (const status of sessionStatuses) expect(sessionStates).toContain(stateOf({ status, isDormant: false, isArchived: false }));
});
