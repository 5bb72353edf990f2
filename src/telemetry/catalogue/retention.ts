import {
  ATTR_HANDOFF_PARTITION_CHANGE,
  ATTR_HANDOFF_RETENTION_CAUSE,
  ATTR_HANDOFF_RETENTION_POLICY,
  ATTR_HANDOFF_STORAGE_PART,
} from '../semconv.js';
import type { LogEventDefinition, MetricDefinition, OperationDefinition } from './definitions.js';

/** How long things are kept, and what is deleted. */
export const retentionOperations = {
  listPolicies: { name: 'handoff.retention.list_policies', description: 'The retention policies are read.' },
  updatePolicy: {
    name: 'handoff.retention.update_policy',
    description:
      'A retention policy is created or changed, and its sessions are updated to the new values (tool `update_retention_policy`).',
  },
  removePolicy: { name: 'handoff.retention.remove_policy', description: 'A retention policy is removed.' },
  finishChanges: {
    name: 'handoff.retention.finish_policies',
    description: 'The update of sessions to a changed policy is completed, because the process that began it ended too soon.',
  },
  listRules: { name: 'handoff.retention.list_rules', description: 'The rules that choose policies are read.' },
  addRule: { name: 'handoff.retention.add_rule', description: 'A rule that chooses policies is added.' },
  removeRule: { name: 'handoff.retention.remove_rule', description: 'A rule that chooses policies is removed.' },
  assign: {
    name: 'handoff.retention.assign',
    description: 'An operator assigns a policy to a session (tool `assign_retention_policy`).',
  },
  hold: { name: 'handoff.session.hold', description: 'A session is placed on legal hold (tool `hold_session`).' },
  release: { name: 'handoff.session.release', description: 'The legal hold of a session ends (tool `release_session`).' },
  listHolds: { name: 'handoff.retention.list_holds', description: 'The sessions on legal hold are read.' },
  erase: { name: 'handoff.session.erase', description: 'A session is erased from database, archive and cache (tool `erase_session`).' },
  maintainPartitions: {
    name: 'handoff.retention.maintain_partitions',
    description: 'Partitions of the log tables are created ahead of time, and those whose retention has passed are dropped.',
  },
  storageReport: {
    name: 'handoff.storage.report',
    description: 'The storage is measured (tool `get_storage_report`).',
  },
} as const satisfies Record<string, OperationDefinition>;

/** What the storage consists of, as far as policies act on it. The meaning of a word never changes. */
export const storageParts = ['sessions', 'context', 'logs', 'metrics', 'other', 'archive'] as const;
export type StoragePart = (typeof storageParts)[number];

export const retentionMetrics = {
  deletions: {
    name: 'handoff.retention.deletions',
    kind: 'counter',
    unit: '{session}',
    description: 'Sessions that were permanently deleted, by cause and by retention policy.',
    attributes: [
      { key: ATTR_HANDOFF_RETENTION_CAUSE, values: ['retention', 'erasure'] },
      { key: ATTR_HANDOFF_RETENTION_POLICY, values: 'The names of the retention policies, which operators define.' },
    ],
    source: 'handoff-otel',
  },
  partitions: {
    name: 'handoff.retention.partitions',
    kind: 'counter',
    unit: '{partition}',
    description: 'Partitions of the log tables that were created for coming months, or dropped because their retention had passed.',
    attributes: [{ key: ATTR_HANDOFF_PARTITION_CHANGE, values: ['made', 'dropped'] }],
    source: 'handoff-otel',
  },
  storageSize: {
    name: 'handoff.storage.size',
    kind: 'gauge',
    unit: 'By',
    description: 'Size of each part of the storage when it was last measured: tables with their indexes, and the archive.',
    attributes: [{ key: ATTR_HANDOFF_STORAGE_PART, values: storageParts }],
    source: 'handoff-otel',
  },
  storageLimit: {
    name: 'handoff.storage.limit',
    kind: 'gauge',
    unit: 'By',
    description: 'Storage available for the database and the archive together, if `HANDOFF_STORAGE_LIMIT_BYTES` is set.',
    attributes: [],
    source: 'handoff-otel',
  },
} as const satisfies Record<string, MetricDefinition>;

export const retentionEvents = {
  nearLimit: {
    name: 'handoff.storage.near_limit',
    level: 'warn',
    description:
      'The database and the archive use 85 % of their limit, or will reach it within two weeks. The record has the sizes, the days left, and what changes of policies would free.',
  },
} as const satisfies Record<string, LogEventDefinition>;
