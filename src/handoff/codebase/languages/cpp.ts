import type { Language } from './language.js';

/** The grammar of C++ reads C too. */
export const cpp: Language = {
  name: 'cpp',
  grammar: 'cpp',
  extensions: ['cpp', 'cc', 'cxx', 'hpp', 'hh', 'hxx', 'h'],
  comments: ['comment'],
  functions: ['function_definition'],
  classes: ['class_specifier', 'struct_specifier', 'union_specifier', 'enum_specifier'],
  classesHaveBodies: true,
  decisions: [
    'if_statement',
    'for_statement',
    'for_range_loop',
    'while_statement',
    'do_statement',
    'catch_clause',
    'conditional_expression',
    'preproc_if',
    'preproc_ifdef',
    'preproc_elif',
  ],
  decidingTokens: { tokens: ['&&', '||', 'and', 'or', 'case'], within: ['binary_expression', 'case_statement'] },
  imports: [{ node: 'preproc_include', field: 'path' }],
  // `<vector>` is somebody else's, `"ours.h"` is not.
  packageOf: (module) => (module.startsWith('<') ? module.slice(1, -1) : undefined),
};

export const c: Language = { ...cpp, name: 'c', extensions: ['c'] };
