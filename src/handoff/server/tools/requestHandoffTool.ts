import type { Sessions } from '../../sessions/sessions.js';
import { handoffIcon } from '../icons.js';
import { agent, jsonObject, requestType, sessionKey } from './arguments.js';
import type { ArgumentLimits } from './arguments.js';
import { handoffInstructions } from './handoffInstructions.js';
import { handoffOutput } from './outputs.js';
import { failure, success } from './reply.js';
import { notActive, notFound } from './sessionFailures.js';
import type { ToolDefinition } from './toolDefinition.js';

const DESCRIPTION =
  'Hands an active session with all its context to another agent, which finds it among its sessions and can read it. ' +
  'After context_transfer and collaboration the session stays active: both agents can add to it and hand it on. ' +
  'full_handoff completes the session: from then on neither the source nor the target agent can add to it or hand it on. ' +
  'Both can still read it. The target takes it over with accept_handoff, which makes it active again, or continues by registering its own session.';

export function requestHandoffTool(sessions: Sessions, limits: ArgumentLimits) {
  const shape = {
    sessionKey,
    targetAgent: agent('Name of the agent that takes over'),
    requestType,
    requestData: jsonObject('Facts for the target agent', limits),
  };
  return {
    name: 'request_handoff',
    title: 'Hand over a session',
    description: DESCRIPTION,
    icons: handoffIcon,
    // A full handoff closes the session, for good unless its target accepts it.
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
    shape,
    output: handoffOutput,
    internalError: 'Failed to process handoff request',
    run: async (args) => {
      const outcome = await sessions.handOff(args);
      if (outcome.kind === 'session_not_found') return failure(...notFound(args.sessionKey));
      if (outcome.kind === 'session_not_active') return failure(...notActive(args.sessionKey, outcome.status));
      const { summary, contextEntries, cacheKey, status, handoffId, requestingAgent } = outcome;
      return success({
        message: 'Handoff request processed successfully',
        handoff: {
          sessionKey: args.sessionKey,
          sourceAgent: requestingAgent,
          targetAgent: args.targetAgent,
          requestType: args.requestType,
          contextSummary: summary.summary,
          contextEntries,
          cacheKey,
          status,
          handoffId,
        },
        instructions: handoffInstructions(args),
      });
    },
  } satisfies ToolDefinition<typeof shape>;
}
