import { expect, it } from 'vitest';
import { factsOf, joinFacts } from '../../../../../src/handoff/sessions/history/joinFacts.js';
import type { SummaryFactsRow } from '../../../../../src/handoff/sessions/sql/summaryFacts.js';
import { noFacts, session } from '../samples.js';

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 10, minute));
const kept: SummaryFactsRow = {
  ...noFacts,
  entry_count: 5,
  message_count: 2,
  file_count: 1,
  tool_call_count: 1,
  system_count: 1,
  last_entry_number: 5,
  first_entry_at: at(1),
  last_entry_at: at(5),
  first_message: 'first',
  last_message: 'second',
  system_actions: ['session_registered'],
  file_types: ['go', 'ts', null],
  tool_names: ['grep'],
  agents: ['builder'],
  authors: ['planner'],
};
const added: SummaryFactsRow = {
  ...noFacts,
  entry_count: 3,
  message_count: 1,
  file_count: 1,
  system_count: 1,
  last_entry_number: 8,
  first_entry_at: at(6),
  last_entry_at: at(8),
  first_message: 'first',
  last_message: 'third',
  system_actions: ['handoff_requested'],
  file_types: ['ts', null],
  agents: ['builder'],
  past_agents: ['reviewer'],
};

it('adds counts, widens times, appends actions, and takes what is read anew', () => {
  expect(joinFacts(kept, added)).toEqual({
    entry_count: 8,
    message_count: 3,
    file_count: 2,
    tool_call_count: 1,
    system_count: 2,
    last_entry_number: 8,
    first_entry_at: at(1),
    last_entry_at: at(8),
    first_message: 'first',
    last_message: 'third',
    system_actions: ['session_registered', 'handoff_requested'],
    file_types: ['go', 'ts', null],
    tool_names: ['grep'],
    agents: ['builder'],
    users: null,
    authors: ['planner'],
    past_agents: ['reviewer'],
  });
});

it('stays as it is where nothing was added', () => {
  expect(joinFacts(kept, { ...noFacts, first_message: 'first', last_message: 'second' })).toEqual(kept);
});

it('names no more than twenty actions', () => {
  const actions = Array.from({ length: 19 }, (_, index) => `action ${index}`);
  expect(joinFacts({ ...kept, system_actions: actions }, { ...added, system_actions: ['a', 'b'] })?.system_actions).toEqual([
    ...actions,
    'a',
  ]);
});

it('takes times of entries that an earlier server dated before the others', () => {
  expect(joinFacts(kept, { ...added, first_entry_at: at(0), last_entry_at: at(2) })).toMatchObject({
    first_entry_at: at(0),
    last_entry_at: at(5),
  });
});

it.each(['file_types', 'tool_names', 'agents', 'users', 'authors'] as const)('cannot place a new name among %s', (list) => {
  expect(joinFacts(kept, { ...added, [list]: ['new'] })).toBeUndefined();
});

it('takes the facts out of a row and nothing else', () => {
  expect(factsOf({ ...kept, ...{ entries: 'large', session } })).toEqual(kept);
});
