import { describe, expect, it } from 'vitest';
import { summarise, summaryText } from '../../../../src/handoff/sessions/summarise.js';
import { noFacts, session } from './samples.js';

const at = (minutes: number): Date => new Date(Date.UTC(2026, 0, 1, 10, minutes));

describe('the text', () => {
  it('of a new session says who opened it, how much there is and its status', () => {
    expect(summaryText(session, { ...noFacts, entry_count: 1, system_count: 1, first_entry_at: at(0), last_entry_at: at(0) })).toBe(
      "Session 'checkout-42' initiated by planner. Total of 1 context entries. Current status: active. Context includes: 1 system events.",
    );
  });

  it('of a handed-over session names the target, the span and every kind of entry', () => {
    const facts = {
      ...noFacts,
      entry_count: 11,
      message_count: 4,
      file_count: 3,
      tool_call_count: 2,
      system_count: 2,
      first_entry_at: at(0),
      last_entry_at: at(90),
    };
    expect(summaryText({ ...session, agentTo: 'builder', status: 'completed' }, facts)).toBe(
      "Session 'checkout-42' initiated by planner with handoff requested to builder. Total of 11 context entries over 90 minutes. " +
        'Current status: completed. Context includes: 4 messages, 3 files, 2 tool calls, 2 system events.',
    );
  });

  it('of a session without entries leaves the zero parts out', () => {
    expect(summaryText(session, noFacts)).toBe(
      "Session 'checkout-42' initiated by planner. Total of 0 context entries. Current status: active.",
    );
  });

  it.each([
    [29, ''],
    [31, ' over 1 minutes'],
    [89, ' over 1 minutes'],
    [91, ' over 2 minutes'],
  ])('rounds a span of %d seconds to the minute', (seconds, part) => {
    const facts = { ...noFacts, entry_count: 2, first_entry_at: at(0), last_entry_at: new Date(at(0).getTime() + seconds * 1000) };
    expect(summaryText(session, facts)).toContain(`Total of 2 context entries${part}. Current`);
  });
});

describe('the summary', () => {
  it("has the contract's fields in its order", () => {
    const facts = {
      ...noFacts,
      entry_count: 7,
      message_count: 2,
      file_count: 2,
      tool_call_count: 1,
      system_count: 2,
      first_entry_at: at(0),
      last_entry_at: at(3),
      first_message: 'x'.repeat(100),
      last_message: 'done',
      system_actions: ['session_registered', 'handoff_requested'],
      file_types: ['sql', 'ts'],
      tool_names: ['grep'],
      agents: ['builder', 'planner'],
      users: ['ann'],
    };
    const summary = summarise({ ...session, agentTo: 'builder' }, facts);
    expect(Object.keys(summary)).toEqual([
      'sessionKey',
      'summary',
      'keyPoints',
      'messageCount',
      'fileCount',
      'toolCallCount',
      'lastUpdated',
      'participants',
    ]);
    expect(summary).toEqual({
      sessionKey: 'checkout-42',
      summary:
        "Session 'checkout-42' initiated by planner with handoff requested to builder. Total of 7 context entries over 3 minutes. " +
        'Current status: active. Context includes: 2 messages, 2 files, 1 tool calls, 2 system events.',
      keyPoints: [
        'System: session_registered',
        'System: handoff_requested',
        '2 messages exchanged',
        `First message: ${'x'.repeat(100)}...`,
        'Last message: done...',
        '2 file operations',
        'File types: sql, ts',
        '1 tool calls',
        'Tools used: grep',
      ],
      messageCount: 2,
      fileCount: 2,
      toolCallCount: 1,
      lastUpdated: at(3),
      participants: ['planner', 'builder', 'user:ann'],
    });
  });

  it('of a session without entries was last updated with the session, and knows who opened it', () => {
    expect(summarise(session, noFacts)).toMatchObject({ keyPoints: [], lastUpdated: session.updatedAt, participants: ['planner'] });
  });

  it('skips what metadata names without a text', () => {
    const facts = {
      ...noFacts,
      system_actions: [null, 'a'],
      file_types: [null],
      tool_names: [null, null],
      agents: [null],
      users: [null, 'ann'],
    };
    expect(summarise(session, facts)).toMatchObject({ keyPoints: ['System: a'], participants: ['planner', 'user:ann'] });
  });

  it('shows the only message once', () => {
    const facts = { ...noFacts, message_count: 1, first_message: 'hi', last_message: 'hi' };
    expect(summarise(session, facts).keyPoints).toEqual(['1 messages exchanged', 'First message: hi...']);
  });
});
