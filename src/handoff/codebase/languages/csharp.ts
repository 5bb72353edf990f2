import type { Language } from './language.js';

export const csharp: Language = {
  name: 'csharp',
  grammar: 'c-sharp',
  extensions: ['cs'],
  comments: ['comment'],
  functions: ['method_declaration', 'constructor_declaration', 'destructor_declaration', 'local_function_statement'],
  classes: ['class_declaration', 'struct_declaration', 'interface_declaration', 'enum_declaration', 'record_declaration'],
  decisions: [
    'if_statement',
    'for_statement',
    'foreach_statement',
    'while_statement',
    'do_statement',
    'switch_expression_arm',
    'catch_clause',
    'conditional_expression',
  ],
  decidingTokens: {
    tokens: ['&&', '||', '??', 'case', 'and', 'or'],
    within: ['binary_expression', 'switch_section', 'and_pattern', 'or_pattern'],
  },
  // In `using X = A.B`, X is a field and the namespace is not.
  imports: [{ node: 'using_directive', children: ['qualified_name', 'identifier'] }],
  packageOf: (module) => module,
};
