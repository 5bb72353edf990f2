import type { Language } from './language.js';

const OURS: ReadonlySet<string> = new Set(['crate', 'self', 'super']);

export const rust: Language = {
  name: 'rust',
  grammar: 'rust',
  extensions: ['rs'],
  comments: ['line_comment', 'block_comment'],
  functions: ['function_item', 'function_signature_item', 'macro_definition'],
  classes: ['struct_item', 'enum_item', 'trait_item', 'union_item'],
  decisions: ['if_expression', 'for_expression', 'while_expression', 'loop_expression', 'match_arm', 'try_expression'],
  decidingTokens: { tokens: ['&&', '||'], within: ['binary_expression', 'let_chain'] },
  imports: [
    { node: 'use_declaration', field: 'argument' },
    { node: 'extern_crate_declaration', field: 'name' },
  ],
  packageOf: (module) => {
    const [crate = ''] = module.replace(/^::/u, '').split(/::|\s|\{/u, 1);
    return crate === '' || OURS.has(crate) ? undefined : crate;
  },
};
