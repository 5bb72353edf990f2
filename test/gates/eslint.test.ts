import path from 'node:path';
import { expect, it } from 'vitest';
import { createMiniProject } from './miniProject.js';

const lines = (count: number): string => '// line\n'.repeat(count - 1) + 'export {};\n';
const functionOf = (count: number): string => `export function long(): void {\n${'  // line\n'.repeat(count - 2)}}\n`;
const clean = {
  'src/errors/leaf.ts': 'export interface Leaf {\n  readonly name: string;\n}\nexport const leaf: Leaf = { name: "leaf" };\n',
};

/** One file per violation: its text and the one rule it must break. */
const planted: Readonly<Record<string, readonly [rule: string, text: string]>> = {
  'src/errors/longFile.ts': ['max-lines', lines(251)],
  'src/errors/wideComment.ts': ['max-len', `// ${'x '.repeat(80)}\nexport const wide = 1;\n`],
  'src/errors/longFunction.ts': ['max-lines-per-function', functionOf(71)],
  'src/errors/anyType.ts': ['@typescript-eslint/no-explicit-any', 'export function f(x: any): void {\n  void x;\n}\n'],
  'src/errors/anyValue.ts': ['@typescript-eslint/no-unsafe-assignment', "export const parsed: object = JSON.parse('{}');\n"],
  'src/errors/consoleUse.ts': ['no-console', "console.error('x');\n"],
  'src/errors/consoleGlobal.ts': ['no-restricted-syntax', "globalThis.console.error('x');\n"],
  'src/errors/consoleImport.ts': [
    'no-restricted-imports',
    "import { Console } from 'node:console';\nexport const c = new Console(process.stderr);\n",
  ],
  'src/errors/stdout.ts': ['no-restricted-syntax', "process.stdout.write('x');\n"],
  'src/errors/defaultExport.ts': ['no-restricted-exports', 'export default 1;\n'],
  'src/errors/exportAll.ts': ['no-restricted-syntax', "export * from './leaf.js';\n"],
  'src/errors/exportAllAs.ts': ['no-restricted-syntax', "export * as all from './leaf.js';\n"],
  'src/errors/bareBuiltin.ts': ['n/prefer-node-protocol', "import { sep } from 'path';\nexport const s = sep;\n"],
  'src/errors/typeImport.ts': [
    '@typescript-eslint/consistent-type-imports',
    "import { Leaf } from './leaf.js';\nexport const l: Leaf = { name: 'l' };\n",
  ],
  'src/errors/floating.ts': ['@typescript-eslint/no-floating-promises', 'Promise.resolve();\n'],
  'src/errors/misused.ts': ['@typescript-eslint/no-misused-promises', 'export const f = (p: Promise<void>): number => (p ? 1 : 2);\n'],
  'src/errors/nonNull.ts': ['@typescript-eslint/no-non-null-assertion', 'export const f = (x: string | undefined): string => x!;\n'],
  'src/errors/looseEquals.ts': ['eqeqeq', 'export const f = (x: unknown): boolean => x == 1;\n'],
  'src/errors/letOnce.ts': ['prefer-const', 'let once = 1;\nexport const f = (): number => once;\n'],
  'src/errors/thrownText.ts': ['@typescript-eslint/only-throw-error', "export function f(): never {\n  throw 'x';\n}\n"],
  'src/errors/ignored.ts': ['@typescript-eslint/ban-ts-comment', '// @ts-ignore\nexport const x: number = 1;\n'],
  'src/errors/disabled.ts': ['no-console', "console.error('x'); // eslint-disable-line no-console\n"],
  'test/skipped.test.ts': ['no-restricted-syntax', "import { it } from 'vitest';\nit.skip('x', () => undefined);\n"],
  'test/vague.test.ts': ['no-restricted-syntax', "import { expect } from 'vitest';\nexpect(1).toBeDefined();\n"],
  'tools/noisy.mjs': ['no-console', "console.error('x');\n"],
};

interface FileReport {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string | null; readonly severity: number; readonly message: string }[];
}

it('passes what is within the limits', { timeout: 60_000 }, async () => {
  const project = await createMiniProject({
    ...clean,
    'src/errors/longestFile.ts': lines(250),
    'src/errors/longestFunction.ts': functionOf(70),
    'src/handoff/cli/main.ts': "process.stdout.write('the CLI may');\n",
    'vitest.config.ts': 'export default {};\n',
    'test/long.test.ts': functionOf(100),
  });
  expect(await project.npmRun('lint')).toEqual({ exitCode: 0, output: '' });
});

it('fails each planted violation by its rule', { timeout: 60_000 }, async () => {
  const project = await createMiniProject({
    ...clean,
    ...Object.fromEntries(Object.entries(planted).map(([file, [, text]]) => [file, text])),
  });
  const { exitCode, output } = await project.npmRun('lint', ['--format', 'json']);
  const reports: FileReport[] = JSON.parse(output);
  const found = reports.flatMap(({ filePath, messages }) => {
    const errors = messages.filter((message) => message.severity === 2).map((message) => message.ruleId ?? message.message);
    return errors.length === 0 ? [] : [[path.relative(project.folder, filePath), errors] as const];
  });
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(Object.entries(planted).map(([file, [rule]]) => [file, [rule]])));
  expect(exitCode).toBe(1);
});
