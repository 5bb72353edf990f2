import { checkedNumbers } from '../config/checkedNumbers.js';
import { serviceLimits } from '../config/serviceLimits.js';
import type { Meter } from '@opentelemetry/api';
import { retentionMetrics } from '../../telemetry/catalogue/retention.js';
import { createInstrument } from '../../telemetry/instruments.js';
import { everyStep } from '../resilience/everyStep.js';
import { assign } from './assign.js';
import type { Assignment } from './assign.js';
import type { RetentionDependencies } from './dependencies.js';
import { erase } from './erase.js';
import type { Erasure } from './erase.js';
import { EraseHooks } from './eraseHooks.js';
import type { EraseHook } from './eraseHooks.js';
import { createHolds } from './holds.js';
import type { Hold, HoldChange } from './holds.js';
import { maintainPartitions } from './partitions.js';
import type { PartitionMaintenance } from './partitions.js';
import { createPolicies } from './policies.js';
import type { PolicyUpdate } from './policies.js';
import type { PolicyChange, StoredPolicy } from './retentionPolicy.js';
import type { NewRule, RetentionRule } from './retentionRule.js';
import { createRules } from './rules.js';
import type { SessionReference } from './sessionReference.js';
import { storageReport } from './storageReport.js';
import type { StorageReport } from './storageReport.js';
import { watchStorage } from './watchStorage.js';

/**
 * How long things are kept, and what is deleted. Policies, rules, holds and records are in the database, so that a change acts on all
 * replicas at once. `actor` says who asks, 1 to 100 characters; it is recorded. Methods about one session resolve with `undefined` for
 * a session that does not exist. All reject with `RetentionInvalidError` for values that cannot be used.
 */
export interface Retention {
  listPolicies(): Promise<readonly StoredPolicy[]>;
  /**
   * Creates or changes a policy. What is left out stays as it is, also if others change it at the same time; a new policy needs all but
   * `dormantThresholdHours`. Sessions whose time to live is the policy's follow within seconds; where there are very many, or
   * another process is at it, the result says that some are pending, and that process or `maintain` does the rest.
   */
  updatePolicy(change: PolicyChange, actor: string): Promise<PolicyUpdate>;
  /** Rejects with `RetentionPolicyInUseError` while sessions or rules use it, and `RetentionPolicyUnknownError`. */
  removePolicy(name: string, actor: string): Promise<void>;
  listRules(): Promise<readonly RetentionRule[]>;
  /** Rejects with `RetentionPolicyUnknownError`. */
  addRule(rule: NewRule, actor: string): Promise<RetentionRule>;
  /** Resolves with whether there was such a rule. */
  removeRule(id: string, actor: string): Promise<boolean>;
  /** Gives one session a policy and its time to live. Rejects with `RetentionPolicyUnknownError`. */
  assign(session: SessionReference, policy: string, actor: string): Promise<Assignment | undefined>;
  /** Keeps a session from being deleted, by retention and by erasure, until `release`. `reason` has 1 to 2000 characters. */
  hold(session: SessionReference, reason: string, actor: string): Promise<HoldChange | undefined>;
  release(session: SessionReference, actor: string): Promise<HoldChange | undefined>;
  /** Lists holds, oldest first. */
  listHolds(limit: number): Promise<readonly Hold[]>;
  /**
   * Deletes everything about a session from database, archive and cache, and records that it was done. Can be repeated. Rejects with
   * `LegalHoldError` for a session on hold.
   */
  erase(session: SessionReference, actor: string): Promise<Erasure | undefined>;
  /** Has `hook` delete what another service keeps about an erased session, in the same transaction; the result removes it. */
  onErase(hook: EraseHook): () => void;
  /** Makes partitions of the log tables ahead and drops those whose time has passed. */
  maintainPartitions(): Promise<PartitionMaintenance>;
  /** Measures storage, keeps an hourly sample for the growth, and warns when the limit is near. */
  storageReport(): Promise<StorageReport>;
  /** Measures the storage for its gauges, at once and then every half hour, until the signal is aborted. Never rejects. */
  watchStorage(signal: AbortSignal): Promise<void>;
  /**
   * Everything that has to be done regularly, daily or more often: partitions, unfinished changes of policies, the storage report. Each is
   * done whatever becomes of the others; it rejects when all are done.
   */
  maintain(): Promise<Maintenance>;
}

export interface Maintenance extends PartitionMaintenance {
  /** Sessions brought to a changed policy whose process could not finish. */
  readonly sessionsChanged: number;
  readonly totalBytes: number;
  readonly nearLimit: boolean;
}

export type RetentionOptions = Omit<RetentionDependencies, 'record' | 'hooks'> & { readonly meter: Meter };

export function createRetention({ meter, ...options }: RetentionOptions): Retention {
  checkedNumbers(options, serviceLimits.retention);
  const hooks = new EraseHooks();
  const record = {
    deletions: createInstrument(meter, retentionMetrics.deletions),
    partitions: createInstrument(meter, retentionMetrics.partitions),
    storageSize: createInstrument(meter, retentionMetrics.storageSize),
    storageLimit: createInstrument(meter, retentionMetrics.storageLimit),
  };
  const deps: RetentionDependencies = { ...options, hooks, record };
  const policies = createPolicies(deps);
  const rules = createRules(deps);
  const holds = createHolds(deps);
  return {
    listPolicies: policies.list,
    updatePolicy: policies.update,
    removePolicy: policies.remove,
    listRules: rules.list,
    addRule: rules.add,
    removeRule: rules.remove,
    assign: (session, policy, actor) => assign(deps, session, policy, actor),
    hold: holds.place,
    release: holds.release,
    listHolds: holds.list,
    erase: (session, actor) => erase(deps, session, actor),
    onErase: (hook) => hooks.add(hook),
    maintainPartitions: () => maintainPartitions(deps),
    storageReport: () => storageReport(deps),
    watchStorage: (signal) => watchStorage(deps, signal),
    maintain: async () => {
      const done = {
        made: 0,
        dropped: [] as readonly string[],
        strayRows: 0,
        postponed: 0,
        sessionsChanged: 0,
        totalBytes: 0,
        nearLimit: false,
      };
      await everyStep(
        [
          async () => void Object.assign(done, await maintainPartitions(deps)),
          async () => void (done.sessionsChanged = await policies.finishChanges()),
          async () => {
            const { totalBytes, nearLimit } = await storageReport(deps);
            Object.assign(done, { totalBytes, nearLimit });
          },
        ],
        undefined,
      );
      return done;
    },
  };
}
