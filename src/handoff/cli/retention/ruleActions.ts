import { UsageError, parseOptions } from '../usageError.js';
import { renderTable } from '../render/table.js';
import { isRuleId } from '../../retention/rules.js';
import { requireValidRule } from '../../retention/validation.js';
import type { NewRule } from '../../retention/retentionRule.js';
import type { Retention } from '../../retention/retention.js';
import { EXIT_FAILED } from '../command.js';
import type { Streams } from '../streams.js';
import { isMapping } from '../../../values/guards.js';
import type { Action } from './action.js';
import { actorOf, common, numberOf } from './options.js';
import { print } from './print.js';
import { retentionUsages } from '../usages.js';

const COLUMNS = ['rule', 'position', 'policy', 'agent', 'request type', 'metadata'].map((heading) => ({ heading }));

/** Lists the rules, after adding or removing one where asked to. */
export const rules: Action = (args) => {
  const options = {
    ...common,
    add: { type: 'string' },
    remove: { type: 'string' },
    agent: { type: 'string' },
    metadata: { type: 'string' },
    'request-type': { type: 'string' },
    position: { type: 'string' },
  } as const;
  const given = parseOptions(args, options, retentionUsages.rules);
  const { add, remove, agent, json = false } = given;
  if (add !== undefined && remove !== undefined) throw new UsageError('Use either --add or --remove, not both.', retentionUsages.rules);
  const added: NewRule | undefined =
    add === undefined
      ? undefined
      : {
          policy: add,
          agent,
          metadata: metadataOf(given.metadata),
          requestType: given['request-type'],
          position: numberOf(given.position, '--position', retentionUsages.rules),
        };
  const conditions = (['agent', 'metadata', 'request-type', 'position'] as const).filter((name) => given[name] !== undefined);
  if (added === undefined && conditions.length > 0)
    throw new UsageError(`--${conditions.join(', --')} can only be used with --add.`, retentionUsages.rules);
  if (remove !== undefined && !isRuleId(remove))
    throw new UsageError(`--remove must be the number of a rule, not "${remove}".`, retentionUsages.rules);
  const actor = actorOf(given.by);
  if (added !== undefined) requireValidRule(added);
  return async (retention, streams) => {
    if (added !== undefined) await retention.addRule(added, actor);
    if (remove !== undefined && !(await retention.removeRule(remove, actor))) {
      streams.err(`There is no rule ${remove}. To list the rules, run: handoff-otel retention rules\n`);
      return EXIT_FAILED;
    }
    return show(retention, streams, json);
  };
};

async function show(retention: Retention, streams: Streams, json: boolean): Promise<number> {
  const list = await retention.listRules();
  const rows = list.map(({ id, position, policy, agent, requestType, metadata }) => [
    id,
    String(position),
    policy,
    agent ?? 'any',
    requestType ?? 'registration',
    metadata === undefined ? 'any' : JSON.stringify(metadata),
  ]);
  const text =
    list.length === 0
      ? 'There are no rules: sessions get the policy standard unless they ask for another.'
      : renderTable(COLUMNS, rows, { columns: 120 });
  print(streams, json, list, text);
  return 0;
}

function metadataOf(text: string | undefined): NewRule['metadata'] {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isMapping(value)) return value;
  } catch {
    // Said below.
  }
  throw new UsageError('--metadata must be a JSON object, as in \'{"regulated":true}\'.', retentionUsages.rules);
}
