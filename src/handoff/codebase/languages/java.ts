import type { Language } from './language.js';

export const java: Language = {
  name: 'java',
  grammar: 'java',
  extensions: ['java'],
  comments: ['line_comment', 'block_comment'],
  functions: ['method_declaration', 'constructor_declaration', 'compact_constructor_declaration'],
  classes: ['class_declaration', 'interface_declaration', 'enum_declaration', 'record_declaration', 'annotation_type_declaration'],
  decisions: [
    'if_statement',
    'for_statement',
    'enhanced_for_statement',
    'while_statement',
    'do_statement',
    'catch_clause',
    'ternary_expression',
  ],
  decidingTokens: { tokens: ['&&', '||', 'case'], within: ['binary_expression', 'switch_label'] },
  imports: [{ node: 'import_declaration', children: ['scoped_identifier', 'identifier'] }],
  // Java's packages begin with small letters, its classes with capitals.
  packageOf: (module) => /^[^A-Z]*(?=\.[A-Z])/u.exec(module)?.[0] ?? module,
};
