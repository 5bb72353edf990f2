import { RetentionPolicyUnknownError } from '../../../errors/retentionErrors.js';
import type { Sessions } from '../../sessions/sessions.js';
import { fittingSession } from '../answers/fitting.js';
import { registerIcon } from '../icons.js';
import { agent, jsonObject, policyName, sessionKey } from './arguments.js';
import type { ArgumentLimits } from './arguments.js';
import { registerOutput } from './outputs.js';
import { failure, success } from './reply.js';
import { unknownPolicy } from './retention/refusals.js';
import type { ToolDefinition } from './toolDefinition.js';

export function registerSessionTool(sessions: Sessions, limits: ArgumentLimits) {
  const policy = policyName('Retention policy, which decides how long the session is kept; default: what the operator has set');
  const shape = {
    sessionKey,
    agentFrom: agent('Name of the agent that opens the session'),
    metadata: jsonObject('Facts about the session', limits),
    retentionPolicy: policy.optional().describe(policy.description ?? ''),
  };
  return {
    name: 'register_session',
    title: 'Register a session',
    description: 'Registers a session, to which agents add context and which they hand over. The key must not exist yet.',
    icons: registerIcon,
    // A second call with the same key changes nothing: it is refused.
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    shape,
    output: registerOutput,
    internalError: 'Failed to session_creation',
    run: async (args, room) => {
      const outcome = await sessions.register(args).catch((thrown: unknown) => {
        if (thrown instanceof RetentionPolicyUnknownError) return thrown;
        throw thrown;
      });
      if (outcome instanceof RetentionPolicyUnknownError) return unknownPolicy('retentionPolicy', outcome);
      const { id, sessionKey: key, agentFrom, status, createdAt } = outcome.session;
      if (outcome.kind === 'session_exists') {
        return failure('Session already exists', {
          sessionKey: key,
          existingSession: { id, status, agentFrom, createdAt },
          hint: 'Choose another key, or continue with the existing session.',
        });
      }
      const { metadata, cut } = fittingSession(outcome.session, room());
      return success({
        message: 'Session registered successfully',
        session: { id, sessionKey: key, agentFrom, status, createdAt, metadata, ...(cut === undefined ? {} : { cut }) },
      });
    },
  } satisfies ToolDefinition<typeof shape>;
}
