import type { ReadLimits } from '../files/readSource.js';
import type { AnalysisType, CodeAnalysis, RefusalReason } from '../types.js';

/** What the host asks of the thread: one file. */
export interface FileRequest {
  readonly filePath: string;
  readonly roots: readonly string[];
  readonly limits: ReadLimits;
  readonly type: AnalysisType;
}

export type FileOutcome =
  | {
      readonly kind: 'analysed';
      /** The same for two paths that lead to one file. */
      readonly identity: string;
      readonly fileBytes: number;
      readonly contentHash: string;
      readonly analysis: CodeAnalysis;
    }
  | { readonly kind: 'refused'; readonly reason: RefusalReason; readonly problem: string };

/** `ready` once, when the thread takes requests; then one answer for each. After `missing_parser` and `failed` it ends. */
export type ThreadReply =
  | { readonly type: 'ready' }
  | { readonly type: 'outcome'; readonly outcome: FileOutcome }
  | { readonly type: 'missing_parser' }
  | { readonly type: 'failed'; readonly detail: string };
