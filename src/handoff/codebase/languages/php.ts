import type { Language } from './language.js';

export const php: Language = {
  name: 'php',
  grammar: 'php',
  extensions: ['php'],
  comments: ['comment'],
  functions: ['function_definition', 'method_declaration'],
  classes: ['class_declaration', 'interface_declaration', 'trait_declaration', 'enum_declaration'],
  decisions: [
    'if_statement',
    'else_if_clause',
    'for_statement',
    'foreach_statement',
    'while_statement',
    'do_statement',
    'case_statement',
    'match_conditional_expression',
    'catch_clause',
    'conditional_expression',
  ],
  decidingTokens: { tokens: ['&&', '||', '??', 'and', 'or', 'xor'], within: ['binary_expression'] },
  imports: [
    // `use A\{B, C}` names A here, and B and C in clauses of their own.
    { node: 'namespace_use_declaration', children: ['namespace_name'] },
    { node: 'namespace_use_clause', children: ['qualified_name'] },
    { node: 'include_expression', children: ['string', 'encapsed_string'] },
    { node: 'include_once_expression', children: ['string', 'encapsed_string'] },
    { node: 'require_expression', children: ['string', 'encapsed_string'] },
    { node: 'require_once_expression', children: ['string', 'encapsed_string'] },
  ],
  packageOf: (module) => (/\.|\//u.test(module) ? undefined : module.replace(/^\\/u, '').split('\\', 1)[0]),
};
