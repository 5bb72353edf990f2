import { describe, expect, it } from 'vitest';
import { HandoffAccount } from '../../chaos/handoffAccount.js';

const handoff = (): HandoffAccount => new HandoffAccount('full_handoff', 'peer', 'id');

describe('what the chaos proof expects of a handoff', () => {
  it('is what the clients were told last', () => {
    const account = handoff();
    account.attempt('accept');
    expect(account.done('accept', false)).toBeUndefined();
    expect([...account.possible]).toEqual(['accepted']);
    account.attempt('complete');
    expect(account.done('complete', false)).toBeUndefined();
    expect([...account.possible]).toEqual(['completed']);
  });

  it('leaves open what had no answer, and what follows from it, for good', () => {
    const account = handoff();
    account.attempt('complete');
    account.attempt('accept');
    expect([...account.possible].sort()).toEqual(['accepted', 'completed', 'pending']);
    account.attempt('reject');
    expect(account.refused('reject', undefined)).toBeUndefined();
    expect(account.possible).not.toContain('rejected');
    account.attempt('complete');
    // A statement that was sent by a killed replica may still take effect.
    expect(account.refused('complete', 'pending')).toBeUndefined();
    expect(account.possible).toContain('accepted');
  });

  it('names an answer that took effect twice, also where a refusal came in between', () => {
    const account = handoff();
    account.attempt('accept');
    account.attempt('accept');
    account.attempt('reject');
    expect(account.refused('reject', 'accepted')).toBeUndefined();
    expect(account.done('accept', false)).toBeUndefined();
    expect(account.done('accept', false)).toContain('took effect twice');
  });

  it('accepts that a repeated answer is told as such', () => {
    const account = handoff();
    account.attempt('reject');
    account.attempt('reject');
    expect(account.done('reject', true)).toBeUndefined();
    expect(account.done('reject', false)).toBeUndefined();
  });

  it('names an acceptance and a rejection of which both took effect', () => {
    const account = handoff();
    account.attempt('accept');
    account.attempt('reject');
    expect(account.done('accept', false)).toBeUndefined();
    expect(account.done('reject', false)).toContain('can only be accepted');
  });

  it('names a state that nothing can have led to', () => {
    const account = handoff();
    account.attempt('accept');
    account.done('accept', false);
    account.attempt('complete');
    expect(account.refused('complete', 'pending')).toContain('can only be accepted or completed');
  });
});
