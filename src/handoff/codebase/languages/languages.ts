import { basename } from 'node:path';
import { c, cpp } from './cpp.js';
import { csharp } from './csharp.js';
import { go } from './go.js';
import { java } from './java.js';
import { javascript, tsx, typescript } from './javascript.js';
import type { Language } from './language.js';
import { php } from './php.js';
import { css, ini } from './plain.js';
import { python } from './python.js';
import { ruby } from './ruby.js';
import { rust } from './rust.js';
import { bash, powershell } from './shells.js';

export const languages: readonly Language[] = [
  bash,
  c,
  cpp,
  csharp,
  css,
  go,
  ini,
  java,
  javascript,
  php,
  powershell,
  python,
  ruby,
  rust,
  tsx,
  typescript,
];

/** Of these only lines are counted, since there is no grammar. */
const OTHERS: Readonly<Record<string, string>> = {
  json: 'json',
  md: 'markdown',
  yaml: 'yaml',
  yml: 'yaml',
  html: 'html',
  sql: 'sql',
  toml: 'toml',
  xml: 'xml',
  kt: 'kotlin',
  swift: 'swift',
  scala: 'scala',
  vue: 'vue',
  svelte: 'svelte',
};
export const UNKNOWN_LANGUAGE = 'unknown';

const byExtension = new Map(languages.flatMap((language) => language.extensions.map((extension) => [extension, language] as const)));

/** The language that the end of the file's name stands for, in any case. */
export function languageOf(filePath: string): { readonly name: string; readonly syntax?: Language } {
  const extension = /\.([^.]+)$/u.exec(basename(filePath))?.[1]?.toLowerCase() ?? '';
  const syntax = byExtension.get(extension);
  if (syntax !== undefined) return { name: syntax.name, syntax };
  return { name: Object.hasOwn(OTHERS, extension) ? (OTHERS[extension] ?? UNKNOWN_LANGUAGE) : UNKNOWN_LANGUAGE };
}
