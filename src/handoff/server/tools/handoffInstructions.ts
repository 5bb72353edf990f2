import type { RequestType } from '../../sessions/types.js';

interface Handoff {
  readonly sessionKey: string;
  readonly targetAgent: string;
  readonly requestType: RequestType;
}

/** The next steps after a handoff, for agents that read resources and for those that only call tools. */
export function handoffInstructions({ sessionKey, targetAgent, requestType }: Handoff): { message: string; nextSteps: string[] } {
  const path = encodeURIComponent(sessionKey);
  return {
    message: `Context for ${targetAgent} is ready.`,
    nextSteps: [
      `${targetAgent} reads the whole context from handoff://context/${path}, or with get_context`,
      `${targetAgent} reads the summary from handoff://summary/${path}, or with get_summary`,
      `${targetAgent} finds its sessions in handoff://agents/${encodeURIComponent(targetAgent)}/sessions, or with list_sessions`,
      GO_ON[requestType](targetAgent, sessionKey),
    ],
  };
}

const GO_ON: Readonly<Record<RequestType, (targetAgent: string, sessionKey: string) => string>> = {
  context_transfer: (targetAgent, sessionKey) =>
    `${targetAgent} continues with update_context on session ${sessionKey}, which stays active`,
  collaboration: (_targetAgent, sessionKey) => `Both agents continue with update_context on session ${sessionKey}, which stays active`,
  full_handoff: (targetAgent, sessionKey) =>
    `Session ${sessionKey} is completed and can only be read: ${targetAgent} takes it over with accept_handoff, or continues in its own session, opened with register_session`,
};
