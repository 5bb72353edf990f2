import { expect, it } from 'vitest';
import { createMiniProject } from './miniProject.js';

/** One file per violation: the compiler option that finds it, the diagnostic, and the text. */
const planted: Readonly<Record<string, readonly [diagnostic: string, text: string]>> = {
  'src/exactOptionalPropertyTypes.ts': ['TS2375', 'export const o: { a?: number } = { a: undefined };\n'],
  'src/erasableSyntaxOnly.ts': ['TS1294', 'export enum E {\n  A,\n}\n'],
  'src/noFallthroughCasesInSwitch.ts': [
    'TS7029',
    'export function f(x: number): void {\n  switch (x) {\n    case 1:\n      f(2);\n    case 2:\n      f(3);\n  }\n}\n',
  ],
  'src/noImplicitOverride.ts': ['TS4114', 'class A {\n  m(): void {}\n}\nexport class B extends A {\n  m(): void {}\n}\n'],
  'src/noImplicitReturns.ts': ['TS7030', 'export function f(x: boolean): number | undefined {\n  if (x) return 1;\n}\n'],
  'src/noUncheckedIndexedAccess.ts': ['TS2322', 'export const first = (list: string[]): string => list[0];\n'],
  'src/noUncheckedSideEffectImports.ts': ['TS2882', "import './gone.js';\n"],
  'src/noUnusedLocals.ts': ['TS6133', 'const unused = 1;\nexport {};\n'],
  'src/noUnusedParameters.ts': ['TS6133', 'export function f(unused: number): void {}\n'],
  'src/strict.ts': ['TS18047', 'export const f = (x: string | null): number => x.length;\n'],
  'src/verbatimModuleSyntax.ts': ['TS1484', "import { Clean } from './clean.js';\nexport type C = Clean;\n"],
  'src/allowUnreachableCode.ts': ['TS7027', 'export function f(): number {\n  return 1;\n  f();\n}\n'],
  'test/typed.test.ts': ['TS2322', "export const n: number = 'text';\n"],
  'tools/typed.ts': ['TS2322', "export const n: number = 'text';\n"],
};
const clean = { 'src/clean.ts': 'export interface Clean {\n  readonly a?: number;\n}\n' };

it('passes a clean project', { timeout: 60_000 }, async () => {
  const project = await createMiniProject(clean);
  expect(await project.npmRun('typecheck')).toEqual({ exitCode: 0, output: '' });
});

it('fails each planted error, by TypeScript 7', { timeout: 60_000 }, async () => {
  const project = await createMiniProject({
    ...clean,
    ...Object.fromEntries(Object.entries(planted).map(([file, [, text]]) => [file, text])),
  });
  const { exitCode, output } = await project.npmRun('typecheck');
  const found = [...output.matchAll(/^(\S+)\(\d+,\d+\): error (TS\d+)/gm)].map(
    ([, file = '', diagnostic]) => [file, [diagnostic]] as const,
  );
  expect(Object.fromEntries(found)).toEqual(
    Object.fromEntries(Object.entries(planted).map(([file, [diagnostic]]) => [file, [diagnostic]])),
  );
  expect(found).toHaveLength(Object.keys(planted).length);
  expect(exitCode).not.toBe(0);
  expect((await project.npmRun('typecheck', ['--version'])).output).toMatch(/^Version 7\./);
});
