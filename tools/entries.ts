import { readFileSync } from 'node:fs';

/** The entry points that users import: the `exports` of package.json, each as a file of `src` without its extension. */
export const PUBLIC_ENTRIES: readonly string[] = Object.values(manifest().exports).flatMap((target) =>
  typeof target === 'string' ? [] : [target.default.replace(/^\.\/dist\/|\.js$/gu, '')],
);

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>;
}

function manifest(): Manifest {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Manifest;
}
