import { z } from 'zod';
import { DEFAULT_MAX_FILES } from '../../codebase/codebase.js';
import { analysisTypes } from '../../codebase/types.js';
import type { Sessions } from '../../sessions/sessions.js';
import { analysisAnswer } from '../answers/analysisAnswer.js';
import { readIcon } from '../icons.js';
import { filePath, sessionKey } from './arguments.js';
import type { ArgumentLimits } from './arguments.js';
import { analysisOutput } from './outputs.js';
import { failure, success } from './reply.js';
import { notActive, notFound } from './sessionFailures.js';
import type { ToolDefinition } from './toolDefinition.js';

export function analyzeCodebaseTool(sessions: Sessions, { maxFiles = DEFAULT_MAX_FILES }: ArgumentLimits) {
  const shape = {
    sessionKey,
    filePaths: z
      .array(filePath)
      .min(1, 'is empty')
      .max(maxFiles, `has more than ${maxFiles} files; split it into several calls`)
      .describe(`Files to analyse, 1 to ${maxFiles}: absolute, or relative to a folder that the server may read`),
    analysisType: z
      .enum(analysisTypes)
      .default('structure')
      .describe(`What to look at, one of: ${analysisTypes.join(', ')}; default structure, which counts lines`),
  };
  return {
    name: 'analyze_codebase',
    title: 'Analyze code',
    description:
      'Analyses source files in the folders that the server may read, and adds the result to the session: lines, functions, classes, imports, dependencies, complexity. Files that cannot be analysed are listed in errors.',
    icons: readIcon,
    annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false, openWorldHint: false },
    shape,
    output: analysisOutput,
    internalError: 'Failed to analyze codebase',
    isUnmeasured: true,
    run: async ({ sessionKey: key, filePaths, analysisType }, room, signal) => {
      const outcome = await sessions.analyse({ sessionKey: key, filePaths, analysisType, signal });
      if (outcome.kind === 'session_not_found') return failure(...notFound(key));
      if (outcome.kind === 'session_not_active') return failure(...notActive(key, outcome.status));
      return success(analysisAnswer(key, outcome, room()));
    },
  } satisfies ToolDefinition<typeof shape>;
}
