import { CallCancelledError } from '../../errors/callCancelledError.js';
import { CodebaseBusyError, CodebaseRootsMissingError } from '../../errors/codebaseErrors.js';
import { MissingPeerError } from '../../errors/missingPeerError.js';
import { peerInstallSpecs } from '../storage/loadPeer.js';
import { AnalysisWorker, CALL_TIMED_OUT } from './thread/analysisWorker.js';
import type { WorkerOutcome } from './thread/analysisWorker.js';
import { workerEntry } from './thread/workerEntry.js';
import type { WorkerEntry } from './thread/workerEntry.js';
import type { AnalysedFile, AnalysisType, RefusedFile } from './types.js';

/** What may be read, and how much of it. */
export interface CodebaseSettings {
  /** Absolute paths of the folders whose files may be read, with everything below them. Without any, nothing may be. */
  readonly roots: readonly string[];
  /** Default 100. */
  readonly maxFiles?: number;
  /** Largest file in bytes. Default 1 MiB. */
  readonly maxFileBytes?: number;
  /** Largest size of all files of a call in bytes. Default 16 MiB. */
  readonly maxTotalBytes?: number;
  /** Longest analysis of one file in milliseconds. Default 10,000. */
  readonly fileTimeoutMs?: number;
  /** Longest call in milliseconds; the files that are left then are refused. Default 30,000. */
  readonly timeoutMs?: number;
}

export interface CodebaseReport {
  readonly files: readonly AnalysedFile[];
  readonly refused: readonly RefusedFile[];
}

/** Reads and analyses source files in a thread of its own. */
export interface Codebase {
  readonly maxFiles: number;
  /**
   * Analyses files in the given order. A file that cannot be read or analysed is in `refused`, and does not keep the others from
   * being analysed. A path that is given twice counts once.
   *
   * Rejects with `CodebaseRootsMissingError`, `CodebaseBusyError` or `MissingPeerError` before anything is read, and with
   * `CallCancelledError` as soon as `cancelled` is aborted.
   */
  analyse(filePaths: readonly string[], type: AnalysisType, cancelled?: AbortSignal): Promise<CodebaseReport>;
}

export const DEFAULT_MAX_FILES = 100;
const DEFAULT_MAX_FILE_BYTES = 1024 * 1024;
const DEFAULT_MAX_TOTAL_BYTES = 16 * 1024 * 1024;
const DEFAULT_FILE_TIMEOUT_MS = 10_000;
const DEFAULT_TIMEOUT_MS = 30_000;
const IDLE_TIMEOUT_MS = 60_000;
/** Calls at the same time. They share one thread, so more would only wait until they time out. */
const MAX_CALLS = 16;

/** Tests have their own. */
export interface CodebaseDependencies {
  readonly entry?: WorkerEntry;
  readonly idleTimeoutMs?: number;
}

/** Starts nothing; the thread is started for the first file, and ends by itself. */
export function createCodebase(settings: CodebaseSettings, deps: CodebaseDependencies = {}): Codebase {
  const { roots, maxFiles = DEFAULT_MAX_FILES, timeoutMs = DEFAULT_TIMEOUT_MS } = settings;
  const worker = new AnalysisWorker({
    entry: deps.entry ?? workerEntry(),
    fileTimeoutMs: settings.fileTimeoutMs ?? DEFAULT_FILE_TIMEOUT_MS,
    idleTimeoutMs: deps.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
  });
  let calls = 0;
  return {
    maxFiles,
    analyse: async (filePaths, type, cancelled) => {
      if (roots.length === 0) throw new CodebaseRootsMissingError();
      if (calls >= MAX_CALLS) throw new CodebaseBusyError(MAX_CALLS);
      calls += 1;
      const ended = new AbortController();
      const timer = setTimeout(() => ended.abort(), timeoutMs);
      const signal = cancelled === undefined ? ended.signal : AbortSignal.any([ended.signal, cancelled]);
      try {
        const report = await analyseAll(worker, { ...settings, filePaths: [...new Set(filePaths)], type, signal });
        if (cancelled?.aborted === true) throw new CallCancelledError();
        return report;
      } finally {
        clearTimeout(timer);
        calls -= 1;
      }
    },
  };
}

interface Call extends CodebaseSettings {
  readonly filePaths: readonly string[];
  readonly type: AnalysisType;
  readonly signal: AbortSignal;
}

/** One file at a time, so that calls at the same time take turns. */
async function analyseAll(worker: AnalysisWorker, call: Call): Promise<CodebaseReport> {
  const { filePaths, roots, type, signal, maxFileBytes = DEFAULT_MAX_FILE_BYTES } = call;
  const files: AnalysedFile[] = [];
  const refused: RefusedFile[] = [];
  const seen = new Set<string>();
  let remainingBytes = call.maxTotalBytes ?? DEFAULT_MAX_TOTAL_BYTES;
  for (const filePath of filePaths) {
    if (signal.aborted) {
      refused.push({ filePath, reason: 'call_timed_out', problem: CALL_TIMED_OUT });
      continue;
    }
    const outcome = await worker.run({ filePath, roots, type, limits: { maxFileBytes, remainingBytes } }, signal);
    if (outcome.kind === 'missing_parser') throw missingParser();
    if (outcome.kind === 'refused') refused.push({ filePath, reason: outcome.reason, problem: outcome.problem });
    else {
      remainingBytes -= outcome.fileBytes;

      if (!seen.has(outcome.identity)) files.push(analysed(filePath, outcome));
      else refused.push({ filePath, reason: 'duplicate', problem: 'The path leads to the same file as one before it.' });
      seen.add(outcome.identity);
    }
  }
  return { files, refused };
}

function analysed(filePath: string, { contentHash, analysis }: Extract<WorkerOutcome, { kind: 'analysed' }>): AnalysedFile {
  return { filePath, contentHash, analysis };
}

function missingParser(): MissingPeerError {
  const name = '@vscode/tree-sitter-wasm';
  return new MissingPeerError(name, `npm install ${peerInstallSpecs[name]}`, 'The tool analyze_codebase');
}
