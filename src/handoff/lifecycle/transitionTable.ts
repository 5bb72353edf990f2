import { transitionCausers } from '../../telemetry/catalogue/lifecycle.js';
import type { SessionState } from '../sessions/sessionState.js';

export const causers = transitionCausers;
export type Causer = (typeof causers)[number];

export interface Transition {
  /** What happens, as a verb. */
  readonly name: TransitionName;
  readonly from: readonly SessionState[];
  /** `before` is the state that the session had when it was archived. */
  readonly to: SessionState | 'before';
  readonly by: readonly Causer[];
  /** When it happens, as part of a sentence. */
  readonly when: string;
}

export const transitionNames = ['sleep', 'wake', 'complete', 'accept', 'expire', 'archive', 'restore', 'purge', 'erase'] as const;
export type TransitionName = (typeof transitionNames)[number];

/** Every transition there is. What is not here never happens; a test walks through all pairs of a state and a transition. */
export const transitions: Readonly<Record<TransitionName, Transition>> = {
  sleep: {
    name: 'sleep',
    from: ['active'],
    to: 'dormant',
    by: ['sweep', 'operator'],
    when: 'idle for the dormantThresholdHours of its policy',
  },
  wake: { name: 'wake', from: ['dormant'], to: 'active', by: ['agent', 'operator'], when: 'an entry is added or a handoff is requested' },
  complete: { name: 'complete', from: ['active', 'dormant'], to: 'completed', by: ['agent'], when: 'handed over by a full_handoff' },
  accept: { name: 'accept', from: ['completed'], to: 'active', by: ['agent'], when: 'the target accepts the full handoff' },
  expire: {
    name: 'expire',
    from: ['active', 'dormant'],
    to: 'expired',
    by: ['sweep', 'operator'],
    when: 'idle for its time to live, or abandoned',
  },
  archive: {
    name: 'archive',
    from: ['completed', 'expired'],
    to: 'archived',
    by: ['sweep', 'operator'],
    when: 'expired, or idle for its time to live after completion',
  },
  restore: { name: 'restore', from: ['archived'], to: 'before', by: ['operator'], when: 'an operator restores it' },
  purge: { name: 'purge', from: ['archived'], to: 'purged', by: ['sweep'], when: 'the archivedSessionTtl of its policy has passed' },
  erase: {
    name: 'erase',
    from: ['active', 'dormant', 'completed', 'expired', 'archived'],
    to: 'purged',
    by: ['operator'],
    when: 'an operator erases it',
  },
};

/** Returns whether a transition may happen in a state. */
export function isAllowed(transition: TransitionName, state: SessionState): boolean {
  return transitions[transition].from.includes(state);
}

/** Returns the transitions that may happen in a state, in the order of the table; none for `purged`. */
export function allowedIn(state: SessionState): readonly TransitionName[] {
  return transitionNames.filter((name) => isAllowed(name, state));
}

/**
 * Returns the state a transition leads to.
 *
 * @param before the state that an archived session had before; only read by `restore`, which leads nowhere without it
 * @returns `undefined` when the transition is not allowed in that state
 */
export function follow(transition: TransitionName, state: SessionState, before?: 'completed' | 'expired'): SessionState | undefined {
  if (!isAllowed(transition, state)) return undefined;
  const { to } = transitions[transition];
  return to === 'before' ? before : to;
}
