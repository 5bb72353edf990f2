import type { Language } from './language.js';

export const go: Language = {
  name: 'go',
  grammar: 'go',
  extensions: ['go'],
  comments: ['comment'],
  functions: ['function_declaration', 'method_declaration'],
  classes: ['type_spec'],
  decisions: ['if_statement', 'for_statement', 'expression_case', 'type_case', 'communication_case'],
  decidingTokens: { tokens: ['&&', '||'], within: ['binary_expression'] },
  imports: [{ node: 'import_spec', field: 'path' }],
  packageOf: (module) => (module.startsWith('.') ? undefined : module),
};
