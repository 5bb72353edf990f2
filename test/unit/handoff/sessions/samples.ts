import type { SummaryFactsRow } from '../../../../src/handoff/sessions/sql/summaryFacts.js';
import type { Session } from '../../../../src/handoff/sessions/types.js';

export const session: Session = {
  id: '5f0c1b1e-0000-4000-8000-000000000001',
  sessionKey: 'checkout-42',
  agentFrom: 'planner',
  agentTo: null,
  status: 'active',
  createdAt: new Date('2026-01-01T10:00:00.000Z'),
  updatedAt: new Date('2026-01-01T10:00:05.000Z'),
  expiresAt: new Date('2026-01-02T10:00:00.000Z'),
  metadata: { ticket: 'A-1' },
  lastActivityAt: new Date('2026-01-01T10:00:05.000Z'),
  isDormant: false,
  archivedAt: null,
  retentionPolicy: 'standard',
};

/** Facts of a session without a single entry. */
export const noFacts: SummaryFactsRow = {
  entry_count: 0,
  message_count: 0,
  file_count: 0,
  tool_call_count: 0,
  system_count: 0,
  last_entry_number: 0,
  first_entry_at: null,
  last_entry_at: null,
  first_message: null,
  last_message: null,
  system_actions: null,
  file_types: null,
  tool_names: null,
  agents: null,
  users: null,
  authors: null,
  past_agents: null,
};
