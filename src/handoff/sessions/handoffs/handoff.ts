import type { JsonObject } from '../types.js';

/**
 * States of a handoff. It begins as pending, which is also when its target can read it. The target accepts or rejects it, and
 * completes what it has accepted; one that the target does not answer in time is timed out.
 */
export const handoffStatuses = ['pending', 'accepted', 'rejected', 'completed', 'timed_out'] as const;
export type HandoffStatus = (typeof handoffStatuses)[number];

/** What a target agent can answer. */
export const handoffAnswers = ['accept', 'reject', 'complete'] as const;
export type HandoffAnswer = (typeof handoffAnswers)[number];

/** The state that an answer leads to. */
export const STATUS_AFTER: Readonly<Record<HandoffAnswer, HandoffStatus>> = {
  accept: 'accepted',
  reject: 'rejected',
  complete: 'completed',
};

const ALLOWED: Readonly<Record<HandoffStatus, readonly HandoffAnswer[]>> = {
  pending: ['accept', 'reject'],
  accepted: ['complete'],
  rejected: [],
  completed: [],
  timed_out: [],
};

/** Returns the answers that a handoff in this state can be given; none for a state that nobody here writes. */
export function allowedAnswers(status: string): readonly HandoffAnswer[] {
  return handoffStatuses.some((known) => known === status) ? ALLOWED[status as HandoffStatus] : [];
}

/** A handoff as tools and resources show it. Agents are names that callers gave, which nobody checks. */
export interface Handoff {
  readonly handoffId: string;
  readonly sessionKey: string;
  readonly requestingAgent: string;
  readonly targetAgent: string | null;
  readonly requestType: string;
  readonly status: string;
  readonly createdAt: Date;
  /** When the target could read it; null for one that an earlier server wrote. */
  readonly deliveredAt: Date | null;
  /** When the target accepted or rejected it. */
  readonly answeredAt: Date | null;
  /** When it ended: rejected, completed or timed out. */
  readonly completedAt: Date | null;
  /** The target's reason for rejecting it, or its result. */
  readonly answer: JsonObject | null;
}

/** A handoff in the inbox of its target. */
export interface InboxItem extends Handoff {
  /** `archived` for a session in the archive, whatever its status. */
  readonly sessionStatus: string;
  readonly requestData: JsonObject;
  /** Present if these were too large for the answer and are shown empty. */
  readonly leftOut?: readonly ('requestData' | 'answer')[];
}
