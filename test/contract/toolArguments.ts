import { expect } from 'vitest';

const text = (maxLength: number, what: string) => ({
  type: 'string',
  minLength: 1,
  maxLength,
  description: `${what}: 1 to ${maxLength} characters, not blank, not . or .., without NUL`,
});
const json = (what: string) => ({
  type: 'object',
  default: {},
  description: `${what}: a JSON object of at most 500 bytes and 32 levels, without NUL`,
});

const ANSWER = {
  sessionKey: text(255, 'Key of the session'),
  agent: text(100, 'Name of the agent that answers, which must be the target of the handoff'),
  handoffId: {
    type: 'string',
    format: 'uuid',
    pattern: expect.stringMatching(/^\^/),
    description: 'Id of the handoff, as list_handoffs shows it; without it the newest handoff of the session to this agent',
  },
};

/** The arguments of each tool as JSON schema, with those that are required. */
export const toolArguments: readonly (readonly [tool: string, properties: object, required?: readonly string[]])[] = [
  [
    'register_session',
    {
      sessionKey: text(255, 'Key of the session'),
      agentFrom: text(100, 'Name of the agent that opens the session'),
      metadata: json('Facts about the session'),
      retentionPolicy: text(50, 'Retention policy, which decides how long the session is kept; default: what the operator has set'),
    },
    ['sessionKey', 'agentFrom'],
  ],
  [
    'update_context',
    {
      sessionKey: text(255, 'Key of the session'),
      contextType: {
        type: 'string',
        enum: ['message', 'file', 'tool_call', 'system'],
        description: 'Kind of entry, one of: message, file, tool_call, system',
      },
      content: { type: 'string', minLength: 1, description: 'Text of the entry: 1 to 1000 bytes of UTF-8, without NUL' },
      metadata: json('Facts about the entry'),
      agent: {
        ...text(100, 'Name of the agent that writes the entry'),
        description:
          'Name of the agent that writes the entry: 1 to 100 characters, not blank, not . or .., without NUL; shown with the entry',
      },
    },
    ['sessionKey', 'contextType', 'content'],
  ],
  [
    'analyze_codebase',
    {
      sessionKey: text(255, 'Key of the session'),
      filePaths: {
        type: 'array',
        minItems: 1,
        maxItems: 100,
        items: { type: 'string', minLength: 1, maxLength: 4096 },
        description: 'Files to analyse, 1 to 100: absolute, or relative to a folder that the server may read',
      },
      analysisType: {
        type: 'string',
        enum: ['syntax', 'dependencies', 'structure', 'full'],
        default: 'structure',
        description: 'What to look at, one of: syntax, dependencies, structure, full; default structure, which counts lines',
      },
    },
    ['sessionKey', 'filePaths'],
  ],
  [
    'request_handoff',
    {
      sessionKey: text(255, 'Key of the session'),
      targetAgent: text(100, 'Name of the agent that takes over'),
      requestType: {
        type: 'string',
        enum: ['context_transfer', 'full_handoff', 'collaboration'],
        default: 'context_transfer',
        description: 'Kind of handoff, one of: context_transfer, full_handoff, collaboration; default context_transfer',
      },
      requestData: json('Facts for the target agent'),
    },
    ['sessionKey', 'targetAgent'],
  ],
  [
    'list_sessions',
    {
      status: {
        type: 'string',
        enum: ['active', 'completed', 'expired', 'cancelled'],
        description: 'Only sessions in this state, one of: active, completed, expired, cancelled',
      },
      agent: text(100, 'Only sessions that this agent opened or received, now or earlier'),
      dormant: { type: 'boolean', description: 'true: only dormant sessions; false: only those that are not dormant' },
      limit: { type: 'integer', minimum: 1, maximum: 1000, description: 'Maximum number of sessions: 1 to 1000; default 100' },
      cursor: { type: 'string', minLength: 1, maxLength: 512, description: 'nextCursor of the previous page' },
    },
    undefined,
  ],
  [
    'get_context',
    {
      sessionKey: text(255, 'Key of the session'),
      after: {
        type: 'integer',
        minimum: 0,
        maximum: 2147483647,
        description: 'Only entries after this sequenceNumber: the nextAfter of the previous page: 0 to 2147483647',
      },
      limit: { type: 'integer', minimum: 1, maximum: 1000, description: 'Maximum number of entries: 1 to 1000' },
      type: {
        type: 'string',
        enum: ['message', 'file', 'tool_call', 'system'],
        description: 'Only entries of this kind, one of: message, file, tool_call, system',
      },
      part: {
        type: 'string',
        enum: ['content', 'metadata', 'session_metadata'],
        description: 'Read a range of what was cut, one of: content, metadata, session_metadata',
      },
      entry: {
        type: 'integer',
        minimum: 1,
        maximum: 2147483647,
        description: 'With part content or metadata: sequenceNumber of the entry: 1 to 2147483647',
      },
      offset: {
        type: 'integer',
        minimum: 0,
        maximum: 2147483646,
        description: 'With part: characters to skip, the nextOffset of the cut or of the previous range: 0 to 2147483646',
      },
    },
    ['sessionKey'],
  ],
  ['get_summary', { sessionKey: text(255, 'Key of the session') }, ['sessionKey']],
  [
    'list_handoffs',
    {
      agent: text(100, 'Name of the agent whose inbox it is: the target of the handoffs'),
      status: {
        type: 'string',
        enum: ['pending', 'accepted', 'rejected', 'completed', 'timed_out'],
        description: 'Only handoffs in this state, one of: pending, accepted, rejected, completed, timed_out',
      },
      requestType: {
        type: 'string',
        enum: ['context_transfer', 'full_handoff', 'collaboration'],
        description: 'Only handoffs of this kind, one of: context_transfer, full_handoff, collaboration',
      },
      limit: { type: 'integer', minimum: 1, maximum: 1000, description: 'Maximum number of handoffs: 1 to 1000; default 100' },
      cursor: { type: 'string', minLength: 1, maxLength: 512, description: 'nextCursor of the previous page' },
    },
    ['agent'],
  ],
  ['accept_handoff', ANSWER, ['sessionKey', 'agent']],
  [
    'reject_handoff',
    {
      ...ANSWER,
      reason: { type: 'string', minLength: 1, maxLength: 1000, description: 'Why it is rejected: 1 to 1000 characters' },
    },
    ['sessionKey', 'agent'],
  ],
  ['complete_handoff', { ...ANSWER, result: json('What came of it') }, ['sessionKey', 'agent']],
];
