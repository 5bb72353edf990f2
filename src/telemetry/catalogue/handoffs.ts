import { ATTR_HANDOFF_REQUEST_OUTCOME, ATTR_HANDOFF_REQUEST_TYPE } from '../semconv.js';
import type { MetricAttribute, MetricDefinition, OperationDefinition } from './definitions.js';

/** What target agents do with the handoffs they were given. */
export const handoffOperations = {
  accept: { name: 'handoff.request.accept', description: 'A handoff is accepted by its target (tool `accept_handoff`).' },
  reject: { name: 'handoff.request.reject', description: 'A handoff is rejected by its target (tool `reject_handoff`).' },
  complete: { name: 'handoff.request.complete', description: 'A handoff that was accepted is completed (tool `complete_handoff`).' },
  list: {
    name: 'handoff.request.list',
    description: 'The inbox of an agent is listed (tool `list_handoffs`, resource `handoff://handoffs/{agentId}`).',
  },
  timeOut: {
    name: 'handoff.request.time_out',
    description: 'Handoffs that were neither accepted nor rejected in time are marked as timed out, in batches.',
  },
  readLifecycle: {
    name: 'handoff.lifecycle.read',
    description: 'The states, times, handoffs and events of a session are read (resource `handoff://lifecycle/{sessionKey}`).',
  },
} as const satisfies Record<string, OperationDefinition>;

const REQUEST_TYPE: MetricAttribute = { key: ATTR_HANDOFF_REQUEST_TYPE, values: ['context_transfer', 'full_handoff', 'collaboration'] };

export const handoffMetrics = {
  outcomes: {
    name: 'handoff.request.outcomes',
    kind: 'counter',
    unit: '{handoff}',
    description:
      'Handoffs by outcome. Each handoff is counted once as delivered, and again when its target responds or when it times out. Targets that do not use the inbox never respond.',
    attributes: [
      { key: ATTR_HANDOFF_REQUEST_OUTCOME, values: ['delivered', 'accepted', 'rejected', 'completed', 'timed_out'] },
      REQUEST_TYPE,
    ],
    source: 'handoff-otel',
  },
  answerDuration: {
    name: 'handoff.request.answer.duration',
    kind: 'histogram',
    unit: 's',
    description: 'Time from the request of a handoff until its target responded, measured by the clock of the database.',
    buckets: [1, 10, 60, 300, 900, 3600, 14_400, 43_200, 86_400, 259_200],
    attributes: [{ key: ATTR_HANDOFF_REQUEST_OUTCOME, values: ['accepted', 'rejected', 'completed'] }, REQUEST_TYPE],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;
