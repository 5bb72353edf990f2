import { ATTR_HANDOFF_CONFIG_EFFECT, ATTR_HANDOFF_CONFIG_OUTCOME } from '../semconv.js';
import type { LogEventDefinition, MetricDefinition } from './definitions.js';

/** What became of a configuration file that was read again. */
export const reloadOutcomes = ['applied', 'unchanged', 'refused'] as const;
export type ReloadOutcome = (typeof reloadOutcomes)[number];

/** What became of one setting that has changed. */
export const reloadEffects = ['applied', 'needs_restart', 'failed'] as const;
export type ReloadEffect = (typeof reloadEffects)[number];

export const reloadMetrics = {
  reloads: {
    name: 'handoff.config.reloads',
    kind: 'counter',
    unit: '{reload}',
    description:
      'Times that a running handoff server read its configuration file again, by outcome. If the file is refused, nothing changes.',
    attributes: [{ key: ATTR_HANDOFF_CONFIG_OUTCOME, values: reloadOutcomes }],
    source: 'handoff-otel',
  },
  changes: {
    name: 'handoff.config.changes',
    kind: 'counter',
    unit: '{setting}',
    description: 'Settings whose value had changed when the configuration file was read again, by outcome.',
    attributes: [{ key: ATTR_HANDOFF_CONFIG_EFFECT, values: reloadEffects }],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

export const reloadEvents = {
  changed: {
    name: 'handoff.config.changed',
    level: 'by outcome',
    description:
      'A setting has a new value in the configuration file. The record has what caused the reload, the old and new value (except for secrets), and the effect. `warn` if it needs a restart or could not be applied.',
  },
  unchanged: {
    name: 'handoff.config.unchanged',
    level: 'info',
    description: 'The configuration file was read again and contains no changes.',
  },
  refused: {
    name: 'handoff.config.refused',
    level: 'warn',
    description: 'The configuration file cannot be used, and nothing was changed; the record lists every problem.',
  },
} as const satisfies Record<string, LogEventDefinition>;
