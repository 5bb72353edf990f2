import type { RetentionPolicy, StoredPolicy } from './retentionPolicy.js';
import type { PolicyUseRow, RelationRow } from './sql/storage.js';

/** A change of a policy that would free storage. */
export interface Suggestion {
  readonly policy: string;
  readonly setting: Exclude<keyof RetentionPolicy, 'name' | 'dormantThresholdHours'>;
  readonly from: number;
  readonly to: number;
  /** Bytes that would be free soon after the change; an estimate. */
  readonly freesBytes: number;
  /** The change as a sentence for operators. */
  readonly text: string;
}

export interface Situation {
  readonly policies: readonly StoredPolicy[];
  readonly use: readonly PolicyUseRow[];
  readonly relations: readonly RelationRow[];
  readonly nowMs: number;
}

const MS_PER_DAY = 86_400_000;
/** What an archived session takes in comparison with its rows. */
const ARCHIVED_PART = 0.2;
const MIN_DAYS = 1;

/** Calculates what halving each retention would free, largest first; only what frees something. Pure. */
export function suggestChanges(situation: Situation): readonly Suggestion[] {
  const found = [
    ...logSuggestions(situation, 'logRetentionDays', ['session_lifecycle', 'performance_logs']),
    ...logSuggestions(situation, 'metricsRetentionDays', ['system_metrics']),
    ...situation.use.flatMap((use) => sessionSuggestions(situation, use)),
  ];
  return found.filter(({ freesBytes }) => freesBytes > 0).sort((a, b) => b.freesBytes - a.freesBytes);
}

/** The longest retention of all policies decides, so that every policy above the new value has to change. */
function logSuggestions(
  { policies, relations, nowMs }: Situation,
  setting: 'logRetentionDays' | 'metricsRetentionDays',
  tables: readonly string[],
): Suggestion[] {
  const from = Math.max(...policies.map((policy) => policy[setting]));
  const to = Math.max(MIN_DAYS, Math.floor(from / 2));
  if (!(to < from)) return [];
  const cutoffMs = nowMs - to * MS_PER_DAY;
  const freesBytes = relations
    .filter(({ table, before }) => tables.includes(table) && before !== null && before.getTime() <= cutoffMs)
    .reduce((sum, { table_bytes: bytes, index_bytes: indexBytes }) => sum + bytes + indexBytes, 0);
  return policies
    .filter((policy) => policy[setting] > to)
    .map((policy) => suggestion(policy.name, setting, policy[setting], to, freesBytes));
}

function sessionSuggestions({ policies, use, relations }: Situation, own: PolicyUseRow): Suggestion[] {
  const policy = policies.find(({ name }) => name === own.policy);
  if (policy === undefined) return [];
  const contextBytes = relations
    .filter(({ table }) => table === 'context_history' || table === 'codebase_snapshots')
    .reduce((sum, { table_bytes: bytes, index_bytes: indexBytes }) => sum + bytes + indexBytes, 0);
  const live = use.reduce((sum, row) => sum + row.live, 0);
  const moved = live === 0 ? 0 : (contextBytes * own.ended_by_half) / live;
  return [
    suggestion(
      own.policy,
      'archivedSessionTtl',
      policy.archivedSessionTtl,
      policy.archivedSessionTtl / 2,
      own.archive_bytes_deleted_by_half,
    ),
    suggestion(own.policy, 'activeSessionTtl', policy.activeSessionTtl, policy.activeSessionTtl / 2, moved * (1 - ARCHIVED_PART)),
  ];
}

const UNITS = { archivedSessionTtl: 'days', activeSessionTtl: 'hours', logRetentionDays: 'days', metricsRetentionDays: 'days' } as const;

function suggestion(policy: string, setting: Suggestion['setting'], from: number, to: number, freesBytes: number): Suggestion {
  const bytes = Math.round(freesBytes);
  return {
    policy,
    setting,
    from,
    to,
    freesBytes: bytes,
    text: `Lower ${setting} of policy ${policy} from ${from} to ${to} ${UNITS[setting]}: frees about ${bytes} bytes.`,
  };
}
