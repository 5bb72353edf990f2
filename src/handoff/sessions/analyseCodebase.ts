import { CallCancelledError } from '../../errors/callCancelledError.js';
import { languageOf } from '../codebase/languages/languages.js';
import type { AnalysedFile, AnalysisType, RefusedFile } from '../codebase/types.js';
import type { CodebaseReport } from '../codebase/codebase.js';
import { codebaseOperations } from '../../telemetry/catalogue/codebase.js';
import {
  ATTR_ERROR_TYPE,
  ATTR_HANDOFF_CODEBASE_ANALYSIS_TYPE,
  ATTR_HANDOFF_CODEBASE_FILE_COUNT,
  ATTR_HANDOFF_CODEBASE_LANGUAGE,
  ATTR_HANDOFF_CONTEXT_SEQUENCE,
  ATTR_HANDOFF_SESSION_ID,
  ATTR_HANDOFF_SESSION_KEY,
} from '../../telemetry/semconv.js';
import { activeTraceparent } from '../../telemetry/traceparent.js';
import { fileSummary, reportSummary } from './analysisTexts.js';
import { countTransition } from './countTransition.js';
import type { SessionDependencies } from './dependencies.js';
import { despiteLostRaces } from './lostRace.js';
import { insertAnalysis } from './sql/insertAnalysis.js';
import type { InsertAnalysisRow } from './sql/insertAnalysis.js';
import { readState } from './sql/readState.js';
import type { StateRow } from './sql/readState.js';

export interface AnalyseRequest {
  readonly sessionKey: string;
  readonly filePaths: readonly string[];
  readonly analysisType: AnalysisType;
  /** Aborted when the caller has gone: the analysis may take long, and the places for it are few. */
  readonly signal?: AbortSignal | undefined;
}

/** A file with what was found, as answers and entries show it. */
export interface FileReport extends AnalysedFile {
  readonly summary: string;
  readonly timestamp: string;
}

export type AnalyseOutcome =
  | {
      readonly kind: 'analysed';
      readonly totalFiles: number;
      readonly results: readonly FileReport[];
      readonly refused: readonly RefusedFile[];
      readonly summary: string;
      readonly timestamp: string;
    }
  | { readonly kind: 'session_not_found' }
  | { readonly kind: 'session_not_active'; readonly status: string };

/** Sessions that take no entries any more. A completed one does: its next agent may want to know the files. */
const CLOSED: ReadonlySet<string> = new Set(['archived', 'expired']);

/**
 * Analyses files, and adds what was found to the session: an entry for the call and one for each file, and their snapshots. A
 * session that is unknown or closed is refused before anything is read, and again when it became so meanwhile; the content of
 * the files is not stored.
 *
 * @throws CallCancelledError if the caller has gone while the files were read; nothing was added.
 */
export async function analyseCodebase(deps: SessionDependencies, request: AnalyseRequest): Promise<AnalyseOutcome> {
  const outcome = await analyse(deps, request);
  if (outcome.kind === 'cancelled') throw new CallCancelledError();
  return outcome;
}

/** A caller that has gone is an outcome of the operation, and not a failure of this server. */
type Analysis = AnalyseOutcome | { readonly kind: 'cancelled' };

function analyse(deps: SessionDependencies, request: AnalyseRequest): Promise<Analysis> {
  const { sessionKey, analysisType } = request;
  const attributes = { [ATTR_HANDOFF_SESSION_KEY]: sessionKey, [ATTR_HANDOFF_CODEBASE_ANALYSIS_TYPE]: analysisType };
  return deps.observe(codebaseOperations.analyse.name, attributes, async (scope) => {
    const refuse = (status: string | undefined): AnalyseOutcome => {
      scope.fail(status === undefined ? 'session_not_found' : 'session_not_active');
      return status === undefined ? { kind: 'session_not_found' } : { kind: 'session_not_active', status };
    };
    const [state] = await deps.database.query<StateRow>(readState, [sessionKey]);
    if (state === undefined || CLOSED.has(state.status)) return refuse(state?.status);
    scope.add({ [ATTR_HANDOFF_SESSION_ID]: state.id, [ATTR_HANDOFF_CODEBASE_FILE_COUNT]: new Set(request.filePaths).size });
    const report = await unlessCancelled(deps.codebase.analyse(request.filePaths, analysisType, request.signal));
    if (report === undefined) {
      scope.fail('cancelled');
      return { kind: 'cancelled' };
    }
    countFiles(deps, report);
    const outcome = describe(deps, report);
    const row = await record(deps, request, outcome);
    if (row === undefined || row.sequence_number === null) return refuse(row?.status);
    if (row.was_dormant === true && row.status === 'active') countTransition(deps.recordTransition, 'dormant', 'active', 'agent');
    scope.add({ [ATTR_HANDOFF_CONTEXT_SEQUENCE]: row.sequence_number });
    return outcome;
  });
}

async function unlessCancelled(analysing: Promise<CodebaseReport>): Promise<CodebaseReport | undefined> {
  try {
    return await analysing;
  } catch (error) {
    if (error instanceof CallCancelledError) return undefined;
    throw error;
  }
}

type Analysed = Extract<AnalyseOutcome, { kind: 'analysed' }>;

function describe(deps: SessionDependencies, { files, refused }: CodebaseReport): Analysed {
  const timestamp = new Date(deps.clock.nowMs()).toISOString();
  const results = files.map((file) => ({ ...file, summary: fileSummary(file.analysis), timestamp }));
  // Not the paths of the call: one that is given twice counts once.
  const totalFiles = files.length + refused.length;
  return { kind: 'analysed', totalFiles, results, refused, summary: reportSummary(files, totalFiles), timestamp };
}

async function record(
  deps: SessionDependencies,
  { sessionKey, analysisType }: AnalyseRequest,
  { totalFiles, results, refused, summary }: Analysed,
): Promise<InsertAnalysisRow | undefined> {
  const metadata = {
    action: 'codebase_analysis',
    toolName: 'analyze_codebase',
    analysisType,
    totalFiles,
    successfulFiles: results.length,
    errors: refused.length,
    summary,
  };
  const content = `Codebase analysis completed: ${results.length} ${results.length === 1 ? 'file' : 'files'} analyzed`;
  const values = [sessionKey, content, JSON.stringify(metadata), JSON.stringify(results.map(stored)), activeTraceparent() ?? null];
  const [row] = await despiteLostRaces(() => deps.database.query<InsertAnalysisRow>(insertAnalysis, values));
  return row;
}

function stored({ filePath, contentHash, analysis, summary }: FileReport): object {
  const { language } = analysis;
  return {
    path: filePath,
    hash: contentHash,
    analysis: { filePath, ...analysis },
    content: `${filePath}: ${summary}`,
    metadata: { action: 'codebase_analysis', filePath, fileType: language, contentHash, analysis },
  };
}

function countFiles({ recordCodebaseFiles }: SessionDependencies, { files, refused }: CodebaseReport): void {
  for (const { analysis } of files) recordCodebaseFiles(1, { [ATTR_HANDOFF_CODEBASE_LANGUAGE]: analysis.language });
  for (const { filePath, reason } of refused)
    recordCodebaseFiles(1, { [ATTR_HANDOFF_CODEBASE_LANGUAGE]: languageOf(filePath).name, [ATTR_ERROR_TYPE]: reason });
}
