import { createHash } from 'node:crypto';
import { decodeText } from '../files/decodeText.js';
import type { FileSystem } from '../files/fileSystem.js';
import { readSource } from '../files/readSource.js';
import { Refusal } from '../files/refusal.js';
import { languageOf } from '../languages/languages.js';
import type { Language } from '../languages/language.js';
import { countLines } from '../syntax/lines.js';
import type { SyntaxParser } from '../syntax/parser.js';
import type { AnalysisType, CodeAnalysis, NameList, Omitted } from '../types.js';
import type { FileOutcome, FileRequest } from './protocol.js';

/** Longest list of names that is kept of one file. */
export const MAX_NAMES = 500;

/** Reads and analyses one file. The parser is loaded for the first file that needs it. */
export async function analyseFile(request: FileRequest, files: FileSystem, parser: () => Promise<SyntaxParser>): Promise<FileOutcome> {
  const { filePath, roots, limits, type } = request;
  try {
    const { bytes, identity } = readSource(filePath, roots, limits, files);
    const text = decodeText(bytes);
    const { name, syntax } = languageOf(filePath);
    const details = syntax === undefined ? linesOnly(text, type) : await syntaxDetails(text, type, syntax, await parser());
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
  const facts = await parser.read(text, language);
  const structure = countLines(text, facts.comments);
  const isFull = type === 'full';
  const imports = [...facts.imports];
  const lists: Partial<Record<NameList, readonly string[]>> = {
    ...(isFull || type === 'syntax' ? { functions: facts.functions, classes: facts.classes } : {}),
    ...(isFull || type === 'syntax' || type === 'dependencies' ? { imports } : {}),
    ...(isFull || type === 'dependencies' ? { dependencies: packagesOf(imports, language) } : {}),
  };
  return {
    lineCount: structure.totalLines,
    ...bounded(lists),
    ...(isFull || type === 'syntax' ? { complexity: facts.decisions + 1 } : {}),
    ...(isFull || type === 'structure' ? { structure } : {}),
    ...(facts.hasErrors ? { hasSyntaxErrors: true as const } : {}),
  };
}

function packagesOf(imports: readonly string[], language: Language): string[] {
  const names = imports.map((module) => language.packageOf(module));
  return [...new Set(names.filter((name) => name !== undefined && name !== ''))] as string[];
}

/** A generated file can have a million functions; nobody reads their names. */
function bounded(lists: Partial<Record<NameList, readonly string[]>>): Partial<Details> {
  const shown: Partial<Record<NameList, readonly string[]>> = {};
  const omitted: Partial<Record<NameList, number>> = {};
  for (const [name, list] of Object.entries(lists) as [NameList, readonly string[]][]) {
    shown[name] = list.slice(0, MAX_NAMES);
    if (list.length > MAX_NAMES) omitted[name] = list.length - MAX_NAMES;
  }
  return { ...shown, ...(Object.keys(omitted).length === 0 ? {} : { omitted: omitted satisfies Omitted }) };
}
