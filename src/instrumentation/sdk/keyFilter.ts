import type { KeyPatterns } from '../settings/resourceSettings.js';

/** Returns a function that tells whether a key is included and not excluded. `*` stands for any characters, `?` for one. */
export function keyFilter({ included, excluded }: KeyPatterns): (key: string) => boolean {
  const ins = included?.map(pattern);
  const outs = excluded?.map(pattern) ?? [];
  return (key) => (ins === undefined || ins.some((matches) => matches.test(key))) && !outs.some((matches) => matches.test(key));
}

function pattern(text: string): RegExp {
  const escaped = text.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${escaped.replace(/\*+/g, '.*').replaceAll('?', '.')}$`, 's');
}
