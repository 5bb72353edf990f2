import type { Language } from './language.js';

export const css: Language = {
  name: 'css',
  grammar: 'css',
  extensions: ['css'],
  comments: ['comment'],
  functions: [],
  classes: [],
  decisions: [],
  imports: [
    { node: 'import_statement', children: ['string_value'] },
    { node: 'import_statement', children: ['call_expression'], childField: 'arguments' },
  ],
  packageOf: () => undefined,
};

export const ini: Language = {
  name: 'ini',
  grammar: 'ini',
  extensions: ['ini', 'cfg', 'conf'],
  comments: ['comment'],
  functions: [],
  classes: [],
  decisions: [],
  imports: [],
  packageOf: () => undefined,
};
