import type { AnalysedFile, CodeAnalysis } from '../codebase/types.js';

/** One line about a file, for readers of the session: `typescript, 124 lines (95 code, 18 comment, 11 blank), 4 functions`. */
export function fileSummary({ language, lineCount, structure, complexity, omitted, ...lists }: CodeAnalysis): string {
  const lines =
    structure === undefined
      ? counted(lineCount, 'line')
      : `${counted(lineCount, 'line')} (${structure.codeLines} code, ${structure.commentLines} comment, ${structure.blankLines} blank)`;
  const names = (list: 'functions' | 'classes' | 'imports' | 'dependencies', one: string, many?: string): string[] => {
    const shown = lists[list];
    return shown === undefined ? [] : [counted(shown.length + (omitted?.[list] ?? 0), one, many)];
  };
  return [
    language,
    lines,
    ...names('functions', 'function'),
    ...names('classes', 'class', 'classes'),
    ...names('imports', 'import'),
    ...names('dependencies', 'dependency', 'dependencies'),
    ...(complexity === undefined ? [] : [`complexity ${complexity}`]),
  ].join(', ');
}

/** One line about all files: `Analyzed 2 of 3 files: 240 lines; python 1, typescript 1.` */
export function reportSummary(files: readonly AnalysedFile[], totalFiles: number): string {
  const languages = new Map<string, number>();
  for (const { analysis } of files) languages.set(analysis.language, (languages.get(analysis.language) ?? 0) + 1);
  const lines = files.reduce((sum, { analysis }) => sum + analysis.lineCount, 0);
  const kinds = [...languages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([language, count]) => `${language} ${count}`);
  const found = files.length === 0 ? '' : `: ${counted(lines, 'line')}; ${kinds.join(', ')}`;
  return `Analyzed ${files.length} of ${counted(totalFiles, 'file')}${found}.`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
