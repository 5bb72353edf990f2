import nodePlugin from 'eslint-plugin-n';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

// House style made executable: every message says what to do instead. Inline disables are switched off; an exception is a block in
// this file, with its reason, where a reviewer sees it.

const typed = ['src/**/*.ts', 'dashboards/src/**/*.ts', 'test/**/*.ts', 'tools/**/*.ts'];

const exportAll = {
  selector: 'ExportAllDeclaration',
  message: 'Name each export: `export *` hides the public surface.',
};
const consoleByTheBackDoor = {
  selector: "MemberExpression[object.name=/^(globalThis|global)$/][property.name='console']",
  message: 'No console: log through src/logging; with the stdio transport, stdout is reserved for JSON-RPC.',
};
const stdout = {
  selector: "MemberExpression[object.name='process'][property.name='stdout']",
  message: 'Only the CLI and log destinations may use stdout: with the stdio transport it carries nothing but JSON-RPC.',
};
const testThatDoesNotRun = {
  selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(skip|only|todo|fails|skipIf|runIf)$/]',
  message: 'Every test runs, every time: make it pass or delete it.',
};
const assertionThatCannotFail = {
  selector: "MemberExpression[property.name='toBeDefined']",
  message: 'Assert the value: toBeDefined() passes for nearly everything.',
};
const everywhere = [exportAll, consoleByTheBackDoor];

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', '.cache/']),
  {
    name: 'handoff/everywhere',
    files: ['**/*.{js,mjs,cjs,ts}'],
    plugins: { n: nodePlugin },
    extends: [tseslint.configs.recommended],
    linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' },
    rules: {
      // Biome breaks code at this width and leaves comments alone. A text that is one string stays on one line.
      'max-len': ['error', { code: 140, ignoreStrings: true, ignoreTemplateLiterals: true, ignoreRegExpLiterals: true, ignoreUrls: true }],
      'max-lines': ['error', 250],
      'max-lines-per-function': ['error', 70],
      eqeqeq: 'error',
      'no-console': 'error',
      'no-constant-binary-expression': 'error',
      'no-fallthrough': 'error',
      'no-self-compare': 'error',
      'no-unreachable-loop': 'error',
      'no-unsafe-finally': 'error',
      'no-useless-escape': 'error',
      'object-shorthand': 'error',
      'prefer-const': 'error',
      'no-restricted-exports': [
        'error',
        { restrictDefaultExports: { direct: true, named: true, defaultFrom: true, namedFrom: true, namespaceFrom: true } },
      ],
      'no-restricted-imports': [
        'error',
        { paths: ['console', 'node:console'].map((name) => ({ name, message: consoleByTheBackDoor.message })) },
      ],
      'no-restricted-syntax': ['error', ...everywhere],
      'n/prefer-node-protocol': 'error',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description', minimumDescriptionLength: 10 }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'separate-type-imports' }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      // tsc's noUnusedLocals and noUnusedParameters report these already.
      '@typescript-eslint/no-unused-vars': 'off',
    },
  },
  {
    name: 'handoff/typed',
    files: typed,
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: process.cwd() } },
    rules: {
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/no-base-to-string': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/no-unsafe-argument': 'error',
      '@typescript-eslint/no-unsafe-assignment': 'error',
      '@typescript-eslint/no-unsafe-call': 'error',
      '@typescript-eslint/no-unsafe-member-access': 'error',
      '@typescript-eslint/no-unsafe-return': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
    },
  },
  {
    name: 'handoff/stdout-is-json-rpc',
    files: ['src/**/*.ts'],
    ignores: ['src/cli.ts', 'src/handoff/cli/**', 'src/logging/**', 'src/handoff/server/stdio.ts'],
    rules: { 'no-restricted-syntax': ['error', ...everywhere, stdout] },
  },
  {
    // A `describe` is one function however many tests it holds; what comes off the wire is `any` until an assertion checks it.
    name: 'handoff/tests',
    files: ['test/**/*.ts'],
    rules: {
      'max-lines-per-function': 'off',
      'no-restricted-syntax': ['error', ...everywhere, testThatDoesNotRun, assertionThatCannotFail],
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  {
    // .ci tries the package from CommonJS, where `require` is the language.
    name: 'handoff/commonjs',
    files: ['**/*.cjs'],
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    // Tools read their configuration from the default export.
    name: 'handoff/root-configs',
    files: ['**/*.config.{js,ts}', '.*.mjs'],
    rules: { 'no-restricted-exports': 'off' },
  },
);
