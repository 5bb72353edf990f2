import { retentionOperations } from '../../telemetry/catalogue/retention.js';
import type { RetentionDependencies } from './dependencies.js';
import { unknownPolicy } from './policies.js';
import { refusing } from './refusing.js';
import type { NewRule, RetentionRule } from './retentionRule.js';
import { deleteRule, insertRule, listRules } from './sql/rules.js';
import type { RuleRow } from './sql/rules.js';
import { requireValidRule, requireRecordable } from './validation.js';

export interface Rules {
  list(): Promise<readonly RetentionRule[]>;
  add(rule: NewRule, actor: string): Promise<RetentionRule>;
  remove(id: string, actor: string): Promise<boolean>;
}

/** Numbers of rules are those of PostgreSQL's bigint. */
export function isRuleId(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}

export function createRules(deps: RetentionDependencies): Rules {
  return {
    list: () =>
      deps.observe(retentionOperations.listRules.name, {}, async () => (await deps.database.query<RuleRow>(listRules)).map(toRule)),
    add: async (rule, actor) => {
      requireRecordable(actor);
      requireValidRule(rule);
      return refusing(deps.observe, retentionOperations.addRule.name, {}, async () => {
        const { position, policy, agent, metadata, requestType } = rule;
        const values = [
          position ?? null,
          policy,
          agent ?? null,
          metadata === undefined ? null : JSON.stringify(metadata),
          requestType ?? null,
          actor,
        ];
        const [row] = await deps.database.query<RuleRow>(insertRule, values);
        if (row === undefined) throw await unknownPolicy(deps);
        return toRule(row);
      });
    },
    remove: async (id, actor) => {
      requireRecordable(actor);
      if (!isRuleId(id)) return false;
      return deps.observe(
        retentionOperations.removeRule.name,
        {},
        async () => (await deps.database.query<{ id: string }>(deleteRule, [id, actor])).length > 0,
      );
    },
  };
}

function toRule({ id, position, policy, agent, metadata, request_type: requestType, created_at: createdAt }: RuleRow): RetentionRule {
  return {
    id,
    position,
    policy,
    ...(agent === null ? {} : { agent }),
    ...(metadata === null ? {} : { metadata }),
    ...(requestType === null ? {} : { requestType }),
    createdAt,
  };
}
