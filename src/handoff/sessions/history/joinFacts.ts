import { LIST_LIMIT } from '../sql/summaryFacts.js';
import type { SummaryFactsRow } from '../sql/summaryFacts.js';

type Names = readonly (string | null)[] | null;

/**
 * Returns the facts of a whole history from those of its beginning, which is kept, and those of the entries after it, as read now;
 * `undefined` if entries name somebody or something that is new, because only the database knows its place in the order of names.
 */
export function joinFacts(kept: SummaryFactsRow, added: SummaryFactsRow): SummaryFactsRow | undefined {
  if (added.entry_count > 0 && !isWithoutNewNames(kept, added)) return undefined;
  return {
    ...kept,
    entry_count: kept.entry_count + added.entry_count,
    message_count: kept.message_count + added.message_count,
    file_count: kept.file_count + added.file_count,
    tool_call_count: kept.tool_call_count + added.tool_call_count,
    system_count: kept.system_count + added.system_count,
    last_entry_number: added.entry_count > 0 ? added.last_entry_number : kept.last_entry_number,
    first_entry_at: earlier(kept.first_entry_at, added.first_entry_at),
    last_entry_at: later(kept.last_entry_at, added.last_entry_at),
    system_actions: firstActions(kept.system_actions, added.system_actions),
    // Read for the whole session each time.
    first_message: added.first_message,
    last_message: added.last_message,
    past_agents: added.past_agents,
  };
}

/** Takes the facts out of a row, which may hold much else. */
export function factsOf(row: SummaryFactsRow): SummaryFactsRow {
  return {
    entry_count: row.entry_count,
    message_count: row.message_count,
    file_count: row.file_count,
    tool_call_count: row.tool_call_count,
    system_count: row.system_count,
    last_entry_number: row.last_entry_number,
    first_entry_at: row.first_entry_at,
    last_entry_at: row.last_entry_at,
    first_message: row.first_message,
    last_message: row.last_message,
    system_actions: row.system_actions,
    file_types: row.file_types,
    tool_names: row.tool_names,
    agents: row.agents,
    users: row.users,
    authors: row.authors,
    past_agents: row.past_agents,
  };
}

function isWithoutNewNames(kept: SummaryFactsRow, added: SummaryFactsRow): boolean {
  return (
    isWithin(kept.file_types, added.file_types) &&
    isWithin(kept.tool_names, added.tool_names) &&
    isWithin(kept.agents, added.agents) &&
    isWithin(kept.users, added.users) &&
    isWithin(kept.authors, added.authors)
  );
}

function isWithin(known: Names, names: Names): boolean {
  return names === null || (known !== null && names.every((name) => known.includes(name)));
}

function firstActions(kept: Names, added: Names): Names {
  return added === null ? kept : [...(kept ?? []), ...added].slice(0, LIST_LIMIT);
}

function earlier(a: Date | null, b: Date | null): Date | null {
  return a === null || (b !== null && b < a) ? b : a;
}

function later(a: Date | null, b: Date | null): Date | null {
  return a === null || (b !== null && b > a) ? b : a;
}
