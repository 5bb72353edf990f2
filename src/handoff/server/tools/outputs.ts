import { z } from 'zod';

/**
 * The shape of successes, for the `outputSchema` of the tools. Clients validate answers against it, so it requires only what is
 * always present and allows more: later releases add fields.
 */

const text = z.string();
const time = text.describe('ISO 8601, UTC');
const success = z.literal(true);
const count = z.int().min(0);
const json = z.looseObject({});
const textCut = z.looseObject({ nextOffset: count, totalCharacters: count.optional() });

const session = z.looseObject({
  id: text,
  sessionKey: text,
  agentFrom: text,
  agentTo: text.nullable().describe('Agent the session was last handed to'),
  status: text,
  createdAt: time,
  updatedAt: time,
  expiresAt: time.nullable(),
  metadata: json,
  lastActivityAt: time,
  isDormant: z.boolean(),
  archivedAt: time.nullable(),
  retentionPolicy: text,
  cut: z
    .looseObject({ metadata: textCut })
    .optional()
    .describe('Present when the metadata was too large: read it with part session_metadata'),
});

const entry = z.looseObject({
  id: text,
  sessionId: text,
  sequenceNumber: z.int().min(1),
  contextType: text,
  content: text,
  metadata: json,
  createdAt: time,
  processingTimeMs: z.number().nullable(),
  contentSizeBytes: z.int().nullable(),
  agent: text.optional().describe('Agent that wrote the entry'),
  cut: z
    .looseObject({ content: textCut.optional(), metadata: textCut.optional() })
    .optional()
    .describe('Present when the entry was too large: continue with part, entry and offset'),
});

const summary = {
  sessionKey: text,
  summary: text,
  keyPoints: z.array(text),
  messageCount: count,
  fileCount: count,
  toolCallCount: count,
  lastUpdated: time,
  participants: z.array(text),
};

const ignored = {
  ignoredArguments: z.array(text).optional().describe('Arguments of the call that this tool does not accept'),
};

export const registerOutput = z.looseObject({
  success,
  message: text,
  session: z.looseObject({ id: text, sessionKey: text, agentFrom: text, status: text, createdAt: time, metadata: json }),
  ...ignored,
});

export const updateOutput = z.looseObject({
  success,
  message: text,
  contextEntry: z.looseObject({
    id: text,
    sequenceNumber: z.int().min(1),
    contextType: text,
    contentLength: count,
    createdAt: time,
    agent: text.optional(),
  }),
  session: z.looseObject({ id: text, sessionKey: text, status: text }),
  ...ignored,
});

export const handoffOutput = z.looseObject({
  success,
  message: text,
  handoff: z.looseObject({
    sessionKey: text,
    sourceAgent: text,
    targetAgent: text,
    requestType: text,
    contextSummary: text,
    contextEntries: count,
    cacheKey: text,
    status: text,
    handoffId: text.describe('For the target, to pass to accept_handoff, reject_handoff or complete_handoff'),
  }),
  instructions: z.looseObject({ message: text, nextSteps: z.array(text) }),
  ...ignored,
});

const names = z.array(text).optional();

export const analysisOutput = z.looseObject({
  success,
  report: z.looseObject({
    sessionKey: text,
    totalFiles: count,
    results: z.array(
      z.looseObject({
        filePath: text,
        contentHash: text.describe('SHA-256 of the file, in hexadecimal'),
        analysis: z.looseObject({
          type: text,
          language: text.describe('unknown if only lines were counted'),
          fileSize: count.describe('Characters'),
          lineCount: count,
          functions: names,
          classes: names,
          imports: names.describe('Modules, as they are named in the file'),
          dependencies: names.describe('Packages that the imports belong to, except the project itself'),
          complexity: count.optional().describe('One more than the number of decisions in the file'),
          structure: z
            .looseObject({ totalLines: count, codeLines: count, commentLines: count, blankLines: count, commentRatio: z.number() })
            .optional(),
          omitted: json.optional().describe('For each list that is too long, how many names are not shown'),
          hasSyntaxErrors: z.boolean().optional(),
        }),
        summary: text,
        timestamp: time,
      }),
    ),
    summary: text,
    timestamp: time,
  }),
  errors: z.array(text).optional().describe('Files that were not analysed, and why'),
  omitted: z.looseObject({ results: count, errors: count }).optional().describe('How many did not fit into the answer'),
  ...ignored,
});

const handoff = {
  handoffId: text,
  sessionKey: text,
  requestingAgent: text,
  targetAgent: text.nullable(),
  requestType: text,
  status: text.describe('pending, accepted, rejected, completed or timed_out'),
  createdAt: time,
  deliveredAt: time.nullable().describe('When the target could read it'),
  answeredAt: time.nullable().describe('When it was accepted or rejected'),
  completedAt: time.nullable().describe('When it was rejected, completed or timed out'),
};

export const handoffAnswerOutput = z.looseObject({
  success,
  message: text,
  handoff: z.looseObject(handoff),
  session: z.looseObject({ sessionKey: text, status: text }),
  repeated: z.literal(true).optional().describe('Present if the agent had already made this call: nothing was changed'),
  nextSteps: z.array(text),
  ...ignored,
});

export const handoffsOutput = z.looseObject({
  success,
  handoffs: z.array(
    z.looseObject({
      ...handoff,
      answer: json.nullable().describe('Reason of a rejection, or result'),
      sessionStatus: text,
      requestData: json,
      leftOut: z
        .array(text)
        .optional()
        .describe('Present when these were too large: the entry of the handoff in get_context has the request data'),
    }),
  ),
  nextCursor: text.optional().describe('cursor for the next page'),
  ...ignored,
});

export const sessionsOutput = z.looseObject({
  success,
  sessions: z.array(session),
  nextCursor: text.optional().describe('cursor for the next page'),
  ...ignored,
});

export const contextOutput = z.looseObject({
  success,
  session: session.optional(),
  contextHistory: z.array(entry).optional(),
  summary: z.looseObject(summary).optional(),
  nextAfter: z.int().optional().describe('after for the next page'),
  part: text.optional().describe('With part: the part that the text is a range of'),
  offset: count.optional(),
  text: text.optional(),
  totalCharacters: count.optional(),
  nextOffset: count.optional().describe('offset for the next range'),
  ...ignored,
});

export const summaryOutput = z.looseObject({ success, ...summary, ...ignored });
