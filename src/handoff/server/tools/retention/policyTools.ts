import type { Retention } from '../../../retention/retention.js';
import { listIcon, writeIcon } from '../../icons.js';
import { agent, policyName, sessionKey } from '../arguments.js';
import { success, failure } from '../reply.js';
import { notFound } from '../sessionFailures.js';
import type { ToolDefinition } from '../toolDefinition.js';
import { policiesOutput, policyOutput, sessionChangeOutput } from './outputs.js';
import { policyArguments } from './policyArguments.js';
import { orRefusal } from './refusals.js';

const actor = agent('Name of the person or agent that asks for it, which is recorded');

export function listPoliciesTool(retention: Retention) {
  const shape = {};
  return {
    name: 'list_retention_policies',
    title: 'List retention policies',
    description:
      'Lists the retention policies with their values, and the rules that assign them to sessions, in the order in which they are tried.',
    icons: listIcon,
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    shape,
    output: policiesOutput,
    internalError: 'Failed to list retention policies',
    run: async () => {
      const [policies, rules] = await Promise.all([retention.listPolicies(), retention.listRules()]);
      return success({ policies, rules });
    },
  } satisfies ToolDefinition<typeof shape>;
}

export function updatePolicyTool(retention: Retention) {
  const shape = { ...policyArguments, actor };
  return {
    name: 'update_retention_policy',
    title: 'Update a retention policy',
    description:
      'Creates or changes a retention policy, for all servers at once. Values that are left out stay as they are; a new policy needs all of them except dormantThresholdHours. Sessions that have the policy follow within seconds: shorter times end them earlier, and the next sweep deletes what is past its time.',
    icons: writeIcon,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    shape,
    output: policyOutput,
    internalError: 'Failed to update retention policy',
    run: ({ actor: by, ...change }) =>
      orRefusal(undefined, async () => {
        const { kind, ...update } = await retention.updatePolicy(change, by);
        return success({ message: `Retention policy ${kind}`, ...update });
      }),
  } satisfies ToolDefinition<typeof shape>;
}

export function assignPolicyTool(retention: Retention) {
  const shape = { sessionKey, policy: policyName('Retention policy that the session gets'), actor };
  return {
    name: 'assign_retention_policy',
    title: 'Assign a retention policy',
    description: 'Assigns a retention policy, with its time to live, to one session, even if the session is archived.',
    icons: writeIcon,
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: true, openWorldHint: false },
    shape,
    output: sessionChangeOutput,
    internalError: 'Failed to assign retention policy',
    run: ({ sessionKey: key, policy, actor: by }) =>
      orRefusal(key, async () => {
        const assigned = await retention.assign({ sessionKey: key }, policy, by);
        return assigned === undefined ? failure(...notFound(key)) : success({ message: 'Retention policy assigned', ...assigned, policy });
      }),
  } satisfies ToolDefinition<typeof shape>;
}
