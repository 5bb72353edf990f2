import type { Sessions } from '../../lifecycle/sessions.js';
import { agent, jsonObject, requestType, sessionKey } from './arguments.js';
import type { ArgumentLimits } from './arguments.js';
import { failure, success } from './reply.js';
import { notActive, notFound } from './sessionFailures.js';
import type { ToolDefinition } from './toolDefinition.js';

export function requestHandoffTool(sessions: Sessions, limits: ArgumentLimits) {
  const shape = {
    sessionKey,
    targetAgent: agent('Name of the agent that takes over'),
    requestType,
    requestData: jsonObject('Facts for the target agent', limits),
  };
  return {
    name: 'request_handoff',
    title: 'Hand a session over',
    description: 'Hands a session with all its context to another agent. full_handoff also completes it for the source agent.',
    shape,
    internalError: 'Failed to process handoff request',
    run: async (args) => {
      const outcome = await sessions.handOff(args);
      if (outcome.kind === 'session_not_found') return failure(...notFound(args.sessionKey));
      if (outcome.kind === 'session_not_active') return failure(...notActive(args.sessionKey, outcome.status));
      const { session, summary, contextEntries, cacheKey, status } = outcome;
      return success({
        message: 'Handoff request processed successfully',
        handoff: {
          sessionKey: args.sessionKey,
          sourceAgent: session.agentFrom,
          targetAgent: args.targetAgent,
          requestType: args.requestType,
          contextSummary: summary.summary,
          contextEntries,
          cacheKey,
          status,
        },
        instructions: instructions(args.sessionKey, args.targetAgent),
      });
    },
  } satisfies ToolDefinition<typeof shape>;
}

function instructions(sessionKey: string, targetAgent: string): { message: string; nextSteps: string[] } {
  const path = encodeURIComponent(sessionKey);
  return {
    message: `Context for ${targetAgent} is ready.`,
    nextSteps: [
      `${targetAgent} reads the whole context from handoff://context/${path}`,
      `${targetAgent} reads the summary from handoff://summary/${path}`,
      `${targetAgent} finds its sessions in handoff://agents/${encodeURIComponent(targetAgent)}/sessions`,
      `Unless this was a full handoff, both agents go on with update_context on session ${sessionKey}`,
    ],
  };
}
