import type { Language } from './language.js';

export const bash: Language = {
  name: 'bash',
  grammar: 'bash',
  extensions: ['sh', 'bash'],
  comments: ['comment'],
  functions: ['function_definition'],
  classes: [],
  decisions: ['if_statement', 'elif_clause', 'for_statement', 'c_style_for_statement', 'while_statement', 'case_item'],
  decidingTokens: { tokens: ['&&', '||'], within: ['list'] },
  imports: [{ node: 'command', calleeField: 'name', callees: ['source', '.'], unquoted: true }],
  packageOf: () => undefined,
};

export const powershell: Language = {
  name: 'powershell',
  grammar: 'powershell',
  extensions: ['ps1', 'psm1', 'psd1'],
  comments: ['comment'],
  functions: ['function_statement', 'class_method_definition'],
  classes: ['class_statement', 'enum_statement'],
  nameTypes: ['function_name', 'simple_name'],
  decisions: [
    'if_statement',
    'elseif_clause',
    'for_statement',
    'foreach_statement',
    'while_statement',
    'do_statement',
    'switch_clause',
    'catch_clause',
  ],
  decidingTokens: { tokens: ['-and', '-or', '-xor'], within: ['logical_expression'] },
  imports: [{ node: 'command', calleeField: 'command_name', callees: ['Import-Module'], unquoted: true }],
  packageOf: (module) => (/^[./\\$]/u.test(module) ? undefined : module),
};
