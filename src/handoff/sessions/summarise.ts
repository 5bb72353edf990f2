import type { SummaryFactsRow } from './sql/summaryFacts.js';
import type { ContextSummary, Session } from './types.js';

const MS_PER_MINUTE = 60_000;

/** Writes the summary of a session (handoff contract 2, `summary` and `keyPoints`). Pure. */
export function summarise(session: Session, facts: SummaryFactsRow): ContextSummary {
  return {
    sessionKey: session.sessionKey,
    summary: summaryText(session, facts),
    keyPoints: keyPoints(facts),
    messageCount: facts.message_count,
    fileCount: facts.file_count,
    toolCallCount: facts.tool_call_count,
    lastUpdated: facts.last_entry_at ?? session.updatedAt,
    participants: participants(session, facts),
  };
}

/** Returns one paragraph for an agent to read; counts of zero are left out. */
export function summaryText(session: Session, facts: SummaryFactsRow): string {
  const handoff = session.agentTo === null ? '' : ` with handoff requested to ${session.agentTo}`;
  const minutes = spanMinutes(facts);
  const over = minutes === 0 ? '' : ` over ${minutes} minutes`;
  const parts = [
    counted(facts.message_count, 'messages'),
    counted(facts.file_count, 'files'),
    counted(facts.tool_call_count, 'tool calls'),
    counted(facts.system_count, 'system events'),
  ].filter((part) => part !== '');
  const includes = parts.length === 0 ? '' : ` Context includes: ${parts.join(', ')}.`;
  return (
    `Session '${session.sessionKey}' initiated by ${session.agentFrom}${handoff}. ` +
    `Total of ${facts.entry_count} context entries${over}. Current status: ${session.status}.${includes}`
  );
}

function keyPoints(facts: SummaryFactsRow): string[] {
  const points = texts(facts.system_actions).map((action) => `System: ${action}`);
  if (facts.message_count > 0) points.push(`${facts.message_count} messages exchanged`);
  if (facts.first_message !== null) points.push(`First message: ${facts.first_message}...`);
  if (facts.message_count > 1 && facts.last_message !== null) points.push(`Last message: ${facts.last_message}...`);
  if (facts.file_count > 0) points.push(`${facts.file_count} file operations`);
  const fileTypes = texts(facts.file_types);
  if (fileTypes.length > 0) points.push(`File types: ${fileTypes.join(', ')}`);
  if (facts.tool_call_count > 0) points.push(`${facts.tool_call_count} tool calls`);
  const toolNames = texts(facts.tool_names);
  if (toolNames.length > 0) points.push(`Tools used: ${toolNames.join(', ')}`);
  const authors = texts(facts.authors);
  if (authors.length > 0) points.push(`Written by: ${authors.join(', ')}`);
  return points;
}

function participants(session: Session, facts: SummaryFactsRow): string[] {
  const named = [
    session.agentFrom,
    ...texts(facts.past_agents),
    ...(session.agentTo === null ? [] : [session.agentTo]),
    ...texts(facts.authors),
    ...texts(facts.agents),
  ];
  return [...new Set([...named, ...texts(facts.users).map((user) => `user:${user}`)])];
}

function spanMinutes({ first_entry_at: first, last_entry_at: last }: SummaryFactsRow): number {
  return first === null || last === null ? 0 : Math.round((last.getTime() - first.getTime()) / MS_PER_MINUTE);
}

function counted(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${what}`;
}

function texts(values: readonly (string | null)[] | null): string[] {
  return (values ?? []).filter((value) => value !== null);
}
