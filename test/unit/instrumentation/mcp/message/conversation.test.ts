import { ROOT_CONTEXT, propagation } from '@opentelemetry/api';
import { describe, expect, it } from 'vitest';
import { conversationOf } from '../../../../../src/instrumentation/mcp/message/conversation.js';
import type { ConversationFacts } from '../../../../../src/instrumentation/mcp/message/conversation.js';

const all: ConversationFacts = {
  method: 'ping',
  meta: { thread: 'from-meta' },
  sessionId: 'from-session',
  extra: { authInfo: { clientId: 'client-1' } },
};
const baggage = propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage({ 'session.id': { value: 'from-baggage' } }));
const options = { from: () => 'from-callback', metaKey: 'thread', hashKey: 'key' };

describe('the conversation', () => {
  it('is told by the first step of the ladder that tells something', () => {
    const find = conversationOf(options);
    expect(find(all, baggage)).toBe('from-session');
    expect(find({ ...all, sessionId: undefined }, baggage)).toBe('from-callback');
    expect(conversationOf({ ...options, from: () => undefined })({ ...all, sessionId: undefined }, baggage)).toBe('from-meta');
    expect(conversationOf({ hashKey: 'key' })({ ...all, sessionId: undefined }, baggage)).toBe('from-baggage');
    expect(conversationOf({ hashKey: 'key' })({ ...all, sessionId: undefined }, ROOT_CONTEXT)).toMatch(/^[0-9a-f]{32}$/u);
    expect(conversationOf({})({ ...all, sessionId: undefined }, ROOT_CONTEXT)).toBeUndefined();
  });

  it('hashes a client id with the key, the same every time', () => {
    const facts = { ...all, sessionId: undefined };
    const [one, again, otherKey, otherClient] = [
      conversationOf({ hashKey: 'a' })(facts, ROOT_CONTEXT),
      conversationOf({ hashKey: 'a' })(facts, ROOT_CONTEXT),
      conversationOf({ hashKey: 'b' })(facts, ROOT_CONTEXT),
      conversationOf({ hashKey: 'a' })({ ...facts, extra: { authInfo: { clientId: 'client-2' } } }, ROOT_CONTEXT),
    ];
    expect(again).toBe(one);
    expect(new Set([one, otherKey, otherClient]).size).toBe(3);
    expect(one).not.toContain('client');
  });

  it.each([
    [
      'throws',
      () => {
        throw new Error('broken');
      },
    ],
    ['answers no text', () => 7 as unknown as string],
    ['answers nothing', () => ''],
  ])('goes on when the callback %s', (_what, from) => {
    expect(conversationOf({ from, metaKey: 'thread' })({ ...all, sessionId: undefined }, ROOT_CONTEXT)).toBe('from-meta');
  });

  it('is at most 128 characters', () => {
    expect(conversationOf({})({ ...all, sessionId: 'x'.repeat(500) }, ROOT_CONTEXT)).toBe('x'.repeat(128));
  });
});
