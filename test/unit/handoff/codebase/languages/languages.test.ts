import { describe, expect, it } from 'vitest';
import { machineFiles } from '../../../../../src/handoff/codebase/files/fileSystem.js';
import { UNKNOWN_LANGUAGE, languageOf, languages } from '../../../../../src/handoff/codebase/languages/languages.js';
import { openParser } from '../../../../../src/handoff/codebase/syntax/parser.js';
import { analyseFile } from '../../../../../src/handoff/codebase/thread/analyseFile.js';
import { refusalReasons } from '../../../../../src/handoff/codebase/types.js';
import type { CodeAnalysis } from '../../../../../src/handoff/codebase/types.js';
import { codebaseMetrics } from '../../../../../src/telemetry/catalogue/codebase.js';
import { folderWith } from '../folder.js';
import { samples } from './samples.js';
import type { Sample } from './sample.js';

const limits = { maxFileBytes: 1e6, remainingBytes: 1e6 };
const parser = openParser();

async function analysisOf(name: string, source: string): Promise<CodeAnalysis> {
  const request = { filePath: name, roots: [folderWith({ [name]: source })], limits, type: 'full' as const };
  const outcome = await analyseFile(request, machineFiles, await parser);
  if (outcome.kind !== 'analysed') throw new Error(outcome.problem);
  return outcome.analysis;
}

it('there is a sample of every language', () => {
  expect(Object.keys(samples).sort()).toEqual(languages.map(({ name }) => name));
});

describe.each(languages)('$name', (language) => {
  const { source = '', lines = [0, 0, 0, 0] as const, ...expected }: Partial<Sample> = samples[language.name] ?? {};

  it('is understood', async () => {
    const analysis = await analysisOf(`sample.${language.extensions[0]}`, source);
    const { functions, classes, imports, dependencies, complexity, structure, hasSyntaxErrors } = analysis;
    expect({ functions, classes, imports, dependencies, complexity }).toEqual(expected);
    expect([structure?.totalLines, structure?.codeLines, structure?.commentLines, structure?.blankLines]).toEqual(lines);
    expect(hasSyntaxErrors).toBeUndefined();
    expect(analysis).toMatchObject({ type: 'full', language: language.name, fileSize: source.length, lineCount: lines[0] });
  });

  it('is understood in part where the file is cut or has errors, and empty files are', async () => {
    const name = `sample.${language.extensions[0]}`;
    expect(await analysisOf(name, '')).toMatchObject({ lineCount: 0, complexity: 1, functions: [] });
    const cut = source.slice(0, Math.floor(source.length * 0.7));
    expect((await analysisOf(name, cut)).imports).toEqual(expect.arrayContaining((expected.imports ?? []).slice(0, 1)));
    expect((await analysisOf(name, `${source}\n)]}>>> "\n`)).lineCount).toBeGreaterThan(lines[0] ?? 0);
  });
});

it('tells syntax errors', async () => {
  const analysis = await analysisOf('a.ts', 'function f() {}\nclass {{{ \nfunction g() {}\n');
  expect(analysis).toMatchObject({ hasSyntaxErrors: true, functions: expect.arrayContaining(['f']) as unknown });
});

it('takes the language from the end of the name', () => {
  expect(languageOf('/a/B.TSX').name).toBe('tsx');
  expect(languageOf('a.min.js').name).toBe('javascript');
  expect(languageOf('a.yml')).toEqual({ name: 'yaml' });
  for (const path of ['Makefile', 'a.constructor', '.ts/x', 'a.', '']) expect(languageOf(path)).toEqual({ name: UNKNOWN_LANGUAGE });
});

it('no two languages have the same ending', () => {
  const endings = languages.flatMap(({ extensions }) => extensions);
  expect(new Set(endings).size).toBe(endings.length);
});

it('the catalogue lists every language and reason as a label', () => {
  const [byLanguage, byReason] = codebaseMetrics.files.attributes;
  expect(languages.map(({ name }) => name).filter((name) => !byLanguage.values.some((value) => value === name))).toEqual([]);
  for (const path of [
    'a.json',
    'a.md',
    'a.yml',
    'a.html',
    'a.sql',
    'a.toml',
    'a.xml',
    'a.kt',
    'a.swift',
    'a.scala',
    'a.vue',
    'a.svelte',
    'a',
  ])
    expect(byLanguage.values).toContain(languageOf(path).name);
  expect(byReason.values).toEqual(refusalReasons);
});
