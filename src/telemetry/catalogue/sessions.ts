import { ATTR_HANDOFF_CONTEXT_TYPE } from '../semconv.js';
import type { MetricAttribute, MetricDefinition, OperationDefinition } from './definitions.js';

/** What agents do with sessions. */
export const sessionOperations = {
  register: { name: 'handoff.session.register', description: 'A session is opened (tool `register_session`).' },
  append: { name: 'handoff.context.append', description: 'An entry is added to a session (tool `update_context`).' },
  appendTogether: {
    name: 'handoff.context.append_together',
    description:
      'Several `handoff.context.append` operations that were waiting for a connection add their entries with one statement. The spans are linked to each other.',
  },
  handoff: { name: 'handoff.session.handoff', description: 'A session is handed to another agent (tool `request_handoff`).' },
  handoffTogether: {
    name: 'handoff.session.handoff_together',
    description:
      'Several `handoff.session.handoff` operations of one turn of the event loop read or write their sessions with one statement. The spans are linked to each other.',
  },
  list: {
    name: 'handoff.session.list',
    description: 'Sessions are listed (tool `list_sessions`, resources `handoff://sessions` and `handoff://agents/{agentId}/sessions`).',
  },
  read: {
    name: 'handoff.context.read',
    description:
      'A session is read with a page of its entries, or a range of one text (tool `get_context`, resource `handoff://context/{sessionKey}`).',
  },
  summarise: {
    name: 'handoff.summary.read',
    description: 'The summary of a session is read (tool `get_summary`, resource `handoff://summary/{sessionKey}`).',
  },
} as const satisfies Record<string, OperationDefinition>;

export const CONTEXT_TYPE: MetricAttribute = { key: ATTR_HANDOFF_CONTEXT_TYPE, values: ['message', 'file', 'tool_call', 'system'] };

export const sessionMetrics = {
  contextSize: {
    name: 'handoff.context.size',
    kind: 'histogram',
    unit: 'By',
    description: 'Size of the content of each stored context entry, in UTF-8 bytes.',
    buckets: [64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304],
    attributes: [CONTEXT_TYPE],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;
