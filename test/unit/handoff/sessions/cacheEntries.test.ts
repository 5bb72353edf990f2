import { describe, expect, it } from 'vitest';
import {
  handoffPackageKey,
  handoffPackageValue,
  keysOfDeleted,
  latestContextKey,
  latestContextValue,
} from '../../../../src/handoff/sessions/cacheEntries.js';
import { summarise } from '../../../../src/handoff/sessions/summarise.js';
import { noFacts, session } from './samples.js';

describe('the latest context of a session', () => {
  const entry = { sequenceNumber: 3, createdAt: new Date('2026-01-01T10:00:00.123Z') };
  const value = (content: string): unknown => JSON.parse(latestContextValue({ contextType: 'message', content }, entry));

  it("is kept for an hour under the session's key", () => {
    expect(latestContextKey('checkout-42')).toEqual({ key: 'session:checkout-42:latest_context', ttlSeconds: 3600 });
  });

  it('is this JSON text', () => {
    expect(latestContextValue({ contextType: 'message', content: 'hello' }, entry)).toBe(
      '{"lastUpdate":"2026-01-01T10:00:00.123Z","contextType":"message","sequenceNumber":3,"preview":"hello"}',
    );
  });

  it('shows 200 characters whole, and the first 200 of more with dots', () => {
    expect(value('x'.repeat(200))).toMatchObject({ preview: 'x'.repeat(200) });
    expect(value('x'.repeat(201))).toMatchObject({ preview: `${'x'.repeat(200)}...` });
  });

  it('does not end in half a character', () => {
    expect(value(`${'x'.repeat(199)}😀 and more`)).toMatchObject({ preview: `${'x'.repeat(199)}...` });
  });
});

describe('a handoff package', () => {
  const summary = summarise(session, { ...noFacts, entry_count: 1, message_count: 1, first_message: 'hi', last_message: 'hi' });
  const handoff = {
    session,
    sourceAgent: 'planner',
    summary,
    targetAgent: 'builder',
    requestType: 'collaboration',
    requestData: { why: 'help' },
    timestamp: '2026-01-01T10:01:00.000Z',
  } as const;

  it('is kept for a day under target agent and session key', () => {
    expect(handoffPackageKey('builder', 'checkout-42')).toEqual({ key: 'handoff:builder:checkout-42', ttlSeconds: 86400 });
  });

  it('has a key that no other agent and session have', () => {
    const names = ['bob', 'bob:x', 'bob%3Ax', 'bob%', 'bob%:', 'bob%253Ax', ':', '%'];
    const sessions = ['k', 'x:k', '%3Ax:k', ':k', 'x', ''];
    const keys = names.flatMap((name) => sessions.map((sessionKey) => handoffPackageKey(name, sessionKey).key));
    expect(new Set(keys).size).toBe(keys.length);
    expect(handoffPackageKey('bob', 'x:k').key).toBe('handoff:bob:x:k');
    expect(handoffPackageKey('bob:x', 'k').key).toBe('handoff:bob%3Ax:k');
  });

  it('is this JSON, in this order, with the history as it came from the database', () => {
    const entries = '[{"id":"e1","sequenceNumber":1,"content":"hi"}]';
    const { text, bytes } = handoffPackageValue(handoff, {
      entries,
      entriesBytes: Buffer.byteLength(entries),
      content_bytes: 2,
      entry_count: 1,
    });
    expect(bytes).toBe(Buffer.byteLength(text));
    const value = JSON.parse(text) as Record<string, unknown>;
    expect(Object.keys(value)).toEqual([
      'sessionKey',
      'sourceAgent',
      'targetAgent',
      'requestType',
      'handoffSummary',
      'fullContext',
      'requestData',
      'timestamp',
    ]);
    expect(value).toEqual({
      sessionKey: 'checkout-42',
      sourceAgent: 'planner',
      targetAgent: 'builder',
      requestType: 'collaboration',
      handoffSummary:
        "Session 'checkout-42' initiated by planner. Total of 1 context entries. Current status: active. Context includes: 1 messages.",
      fullContext: {
        session: {
          id: '5f0c1b1e-0000-4000-8000-000000000001',
          sessionKey: 'checkout-42',
          agentFrom: 'planner',
          agentTo: null,
          status: 'active',
          createdAt: '2026-01-01T10:00:00.000Z',
          updatedAt: '2026-01-01T10:00:05.000Z',
          expiresAt: '2026-01-02T10:00:00.000Z',
          metadata: { ticket: 'A-1' },
          lastActivityAt: '2026-01-01T10:00:05.000Z',
          isDormant: false,
          archivedAt: null,
          retentionPolicy: 'standard',
        },
        contextHistory: [{ id: 'e1', sequenceNumber: 1, content: 'hi' }],
        summary: {
          sessionKey: 'checkout-42',
          summary:
            "Session 'checkout-42' initiated by planner. Total of 1 context entries. Current status: active. Context includes: 1 messages.",
          keyPoints: ['1 messages exchanged', 'First message: hi...'],
          messageCount: 1,
          fileCount: 0,
          toolCallCount: 0,
          lastUpdated: '2026-01-01T10:00:05.000Z',
          participants: ['planner'],
        },
      },
      requestData: { why: 'help' },
      timestamp: '2026-01-01T10:01:00.000Z',
    });
    expect(text).toContain(entries);
  });

  it('of a history too large to pack says how large it is', () => {
    const value = JSON.parse(
      handoffPackageValue(handoff, { entries: null, entriesBytes: 0, content_bytes: 9_000_000, entry_count: 250 }).text,
    ) as Record<string, unknown>;
    expect(value).toMatchObject({ fullContext: { contextHistory: [] }, contextOmitted: { entries: 250, contentBytes: 9_000_000 } });
  });

  it('of a session without entries omits nothing', () => {
    const value = JSON.parse(
      handoffPackageValue(handoff, { entries: null, entriesBytes: 0, content_bytes: 0, entry_count: 0 }).text,
    ) as Record<string, unknown>;
    expect(value).toMatchObject({ fullContext: { contextHistory: [] } });
    expect(value).not.toHaveProperty('contextOmitted');
  });
});

it('names every key that a deleted session may have had once, those of an earlier server among them', () => {
  expect(keysOfDeleted({ sessionId: 'id', sessionKey: 'a:b', agents: ['bob', 'x:y'] })).toEqual([
    'session:a:b:latest_context',
    'handoff:bob:a:b',
    'handoff:x%3Ay:a:b',
    'handoff:x:y:a:b',
    'archived_session:id',
    'archived_session_by_key:a:b',
  ]);
});
