import { createHash } from 'node:crypto';
import { decodeText } from '../files/decodeText.js';
import type { FileSystem } from '../files/fileSystem.js';
import { readSource } from '../files/readSource.js';
import { Refusal } from '../files/refusal.js';
import { languageOf } from '../languages/languages.js';
import type { Language } from '../languages/language.js';
import { countLines } from '../syntax/lines.js';
import type { SyntaxParser } from '../syntax/parser.js';
import type { SyntaxFacts } from '../syntax/walk.js';
import type { AnalysisType, CodeAnalysis, NameListName } from '../types.js';
import type { FileOutcome, FileRequest } from './protocol.js';

/** Reads and analyses one file. */
export async function analyseFile(request: FileRequest, files: FileSystem, parser: SyntaxParser): Promise<FileOutcome> {
  const { filePath, roots, limits, type } = request;
  try {
    const { bytes, identity } = readSource(filePath, roots, limits, files);
    const text = decodeText(bytes);
    const { name, syntax } = languageOf(filePath);
    const details = syntax === undefined ? linesOnly(text, type) : await syntaxDetails(text, type, syntax, parser);
    return {
      kind: 'analysed',
      identity,
      fileBytes: bytes.length,
      contentHash: createHash('sha256').update(bytes).digest('hex'),
      analysis: { type, language: name, fileSize: text.length, ...details },
    };
  } catch (error) {
    if (error instanceof Refusal) return { kind: 'refused', reason: error.reason, problem: error.message };
    throw error;
  }
}

type Details = Omit<CodeAnalysis, 'type' | 'language' | 'fileSize'>;

function linesOnly(text: string, type: AnalysisType): Details {
  const structure = countLines(text);
  return { lineCount: structure.totalLines, ...(type === 'structure' || type === 'full' ? { structure } : {}) };
}

async function syntaxDetails(text: string, type: AnalysisType, language: Language, parser: SyntaxParser): Promise<Details> {
  const { facts, hasErrors } = await parser.read(text, language);
  const structure = countLines(text, facts.comments);
  return {
    lineCount: structure.totalLines,
    ...shown(facts, LISTS[type]),
    ...(type === 'full' || type === 'syntax' ? { complexity: facts.decisions + 1 } : {}),
    ...(type === 'full' || type === 'structure' ? { structure } : {}),
    ...(hasErrors ? { hasSyntaxErrors: true as const } : {}),
  };
}

/** The lists that each type of analysis shows. */
const LISTS: Readonly<Record<AnalysisType, readonly NameListName[]>> = {
  syntax: ['functions', 'classes', 'imports'],
  dependencies: ['imports', 'dependencies'],
  structure: [],
  full: ['functions', 'classes', 'imports', 'dependencies'],
};

/** A generated file can have a million functions; nobody reads their names. */
function shown(facts: SyntaxFacts, lists: readonly NameListName[]): Partial<Details> {
  const omitted = lists.filter((list) => facts[list].omitted > 0);
  return {
    ...Object.fromEntries(lists.map((list) => [list, facts[list].names])),
    ...(omitted.length === 0 ? {} : { omitted: Object.fromEntries(omitted.map((list) => [list, facts[list].omitted])) }),
  };
}
