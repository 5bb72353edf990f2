import { requireValidChange } from '../../retention/validation.js';
import { parseOptions } from '../usageError.js';
import { renderTable } from '../render/table.js';
import type { Action } from './action.js';
import { actorOf, common, numberOf, required } from './options.js';
import { print } from './print.js';
import { retentionUsages } from '../usages.js';

const COLUMNS = ['policy', 'expires', 'dormant', 'archive', 'logs', 'metrics', 'changed by'].map((heading) => ({ heading }));

export const listPolicies: Action = (args) => {
  const { json = false } = parseOptions(args, { json: common.json }, retentionUsages.list);
  return async (retention, streams) => {
    const policies = await retention.listPolicies();
    const rows = policies.map((policy) => [
      policy.name,
      `${policy.activeSessionTtl} h`,
      `${policy.dormantThresholdHours} h`,
      `${policy.archivedSessionTtl} d`,
      `${policy.logRetentionDays} d`,
      `${policy.metricsRetentionDays} d`,
      policy.updatedBy,
    ]);
    print(streams, json, policies, renderTable(COLUMNS, rows, { columns: 120 }));
    return 0;
  };
};

/** What is not given stays as it is; a new policy needs everything but the threshold for dormancy. */
export const setPolicy: Action = (args) => {
  const options = {
    ...common,
    policy: { type: 'string' },
    'active-hours': { type: 'string' },
    'archived-days': { type: 'string' },
    'log-days': { type: 'string' },
    'metrics-days': { type: 'string' },
    'dormant-hours': { type: 'string' },
  } as const;
  const given = parseOptions(args, options, retentionUsages.set);
  const name = required(given.policy, '--policy', retentionUsages.set);
  const number = (option: Exclude<keyof typeof options, 'json' | 'by' | 'policy'>): number | undefined =>
    numberOf(given[option], `--${option}`, retentionUsages.set);
  const values = {
    activeSessionTtl: number('active-hours'),
    archivedSessionTtl: number('archived-days'),
    logRetentionDays: number('log-days'),
    metricsRetentionDays: number('metrics-days'),
    dormantThresholdHours: number('dormant-hours'),
  };
  const actor = actorOf(given.by);
  requireValidChange({ name, ...values });
  return async (retention, streams) => {
    const update = await retention.updatePolicy({ name, ...values }, actor);
    const sessions = `${update.sessionsChanged} ${update.sessionsChanged === 1 ? 'session has' : 'sessions have'} its new values${update.pending ? '; the others follow within a day, by the job retention-enforcement' : ''}`;
    print(streams, given.json ?? false, update, `The policy ${name} was ${update.kind}; ${sessions}.`);
    return 0;
  };
};

export const removePolicy: Action = (args) => {
  const { json = false, by, policy } = parseOptions(args, { ...common, policy: { type: 'string' } }, retentionUsages.remove);
  const name = required(policy, '--policy', retentionUsages.remove);
  const actor = actorOf(by);
  return async (retention, streams) => {
    await retention.removePolicy(name, actor);
    print(streams, json, { removed: name }, `The policy ${name} was removed.`);
    return 0;
  };
};
