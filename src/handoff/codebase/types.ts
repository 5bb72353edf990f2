/** What an analysis looks at (handoff contract 1.1). */
export const analysisTypes = ['syntax', 'dependencies', 'structure', 'full'] as const;
export type AnalysisType = (typeof analysisTypes)[number];

/** Lines of a file. Every line is exactly one of code, comment and blank; one with both code and comment is code. */
export interface CodeStructure {
  readonly totalLines: number;
  readonly codeLines: number;
  readonly commentLines: number;
  readonly blankLines: number;
  /** Comment lines per line, 0 to 1; 0 for an empty file. */
  readonly commentRatio: number;
}

/** How many names of a list are not shown, because it has too many. */
export type Omitted = Readonly<Partial<Record<NameListName, number>>>;
export type NameListName = 'functions' | 'classes' | 'imports' | 'dependencies';

/** What is known of one file. Which of the optional parts it has depends on the type of the analysis and on the language. */
export interface CodeAnalysis extends Partial<Readonly<Record<NameListName, readonly string[]>>> {
  readonly type: AnalysisType;
  /** Name of the language; `unknown` where only lines are counted. */
  readonly language: string;
  /** Length of the text in UTF-16 code units. */
  readonly fileSize: number;
  readonly lineCount: number;
  /** One more than the number of decisions in the file. */
  readonly complexity?: number;
  readonly structure?: CodeStructure;
  readonly omitted?: Omitted;
  /** Present and true if parts of the file do not follow the grammar; the rest is analysed nevertheless. */
  readonly hasSyntaxErrors?: true;
}

/** One analysed file. */
export interface AnalysedFile {
  /** As the caller wrote it. */
  readonly filePath: string;
  /** SHA-256 of the file's bytes, in hexadecimal. */
  readonly contentHash: string;
  readonly analysis: CodeAnalysis;
}

/** Why a file was not analysed. The words are also labels of a metric. */
export const refusalReasons = [
  'invalid_path',
  'outside_roots',
  'not_found',
  'not_a_file',
  'not_readable',
  'too_large',
  'total_too_large',
  'binary',
  'duplicate',
  'timed_out',
  'call_timed_out',
  'analysis_failed',
] as const;
export type RefusalReason = (typeof refusalReasons)[number];

export interface RefusedFile {
  readonly filePath: string;
  readonly reason: RefusalReason;
  /** A sentence for the caller, without the path. */
  readonly problem: string;
}
