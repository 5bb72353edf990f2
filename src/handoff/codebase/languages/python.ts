import type { Language } from './language.js';

export const python: Language = {
  name: 'python',
  grammar: 'python',
  extensions: ['py', 'pyi'],
  comments: ['comment'],
  functions: ['function_definition'],
  classes: ['class_definition'],
  decisions: [
    'if_statement',
    'elif_clause',
    'for_statement',
    'while_statement',
    'except_clause',
    'conditional_expression',
    'for_in_clause',
    'if_clause',
    'case_clause',
  ],
  decidingTokens: { tokens: ['and', 'or'], within: ['boolean_operator'] },
  imports: [
    { node: 'import_statement', children: ['dotted_name'] },
    { node: 'import_statement', children: ['aliased_import'], childField: 'name' },
    { node: 'import_from_statement', field: 'module_name' },
  ],
  packageOf: (module) => (module.startsWith('.') ? undefined : module.split('.', 1)[0]),
};
