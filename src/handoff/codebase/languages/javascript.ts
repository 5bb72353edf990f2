import type { ImportRule, Language } from './language.js';

const IMPORTS: readonly ImportRule[] = [
  { node: 'import_statement', field: 'source' },
  { node: 'export_statement', field: 'source' },
  { node: 'call_expression', calleeField: 'function', callees: ['require', 'import'] },
];

const COMMON = {
  comments: ['comment'],
  decisions: [
    'if_statement',
    'for_statement',
    'for_in_statement',
    'while_statement',
    'do_statement',
    'switch_case',
    'catch_clause',
    'ternary_expression',
  ],
  decidingTokens: {
    tokens: ['&&', '||', '??', '&&=', '||=', '??='],
    within: ['binary_expression', 'augmented_assignment_expression'],
  },
  packageOf: npmPackage,
} satisfies Partial<Language>;

const FUNCTIONS = ['function_declaration', 'generator_function_declaration', 'method_definition'];
const FUNCTION_VALUES = ['arrow_function', 'function_expression', 'generator_function'];

export const javascript: Language = {
  ...COMMON,
  name: 'javascript',
  grammar: 'javascript',
  extensions: ['js', 'mjs', 'cjs', 'jsx'],
  functions: FUNCTIONS,
  functionValues: { holders: ['variable_declarator', 'field_definition'], values: FUNCTION_VALUES },
  classes: ['class_declaration'],
  imports: IMPORTS,
};

export const typescript: Language = {
  ...COMMON,
  name: 'typescript',
  grammar: 'typescript',
  extensions: ['ts', 'mts', 'cts'],
  functions: FUNCTIONS,
  functionValues: { holders: ['variable_declarator', 'public_field_definition'], values: FUNCTION_VALUES },
  classes: ['class_declaration', 'abstract_class_declaration', 'interface_declaration', 'enum_declaration'],
  imports: [...IMPORTS, { node: 'import_require_clause', field: 'source' }],
};

export const tsx: Language = { ...typescript, name: 'tsx', grammar: 'tsx', extensions: ['tsx'] };

/** `@scope/name/file` belongs to `@scope/name`, `name/file` to `name`. */
function npmPackage(module: string): string | undefined {
  if (/^[./#]/u.test(module)) return undefined;
  return module.split('/', module.startsWith('@') ? 2 : 1).join('/');
}
