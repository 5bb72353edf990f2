import { withHandover } from './handover.js';
import type { LoadPattern } from './loadWatch.js';

/** What a load hook gets from the next one; the same for both kinds of hooks. */
interface Loaded {
  readonly format: string | null | undefined;
  readonly source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined;
}

export interface HandoverTarget {
  readonly id: number;
  readonly pattern: LoadPattern;
}

const ESM = 'module';
const CJS = 'commonjs';

/** The URL of a module without query and hash. */
export function bareUrl(url: string): string {
  return url.replace(/[?#].*$/s, '');
}

/**
 * What was loaded, with the handover added if the wanted names are in it. Everything else comes back as it is, and so does
 * CommonJS that Node reads later by itself (no source here): `watchCjs` sees that.
 */
export function addHandover<L extends Loaded>(loaded: L, url: string, { id, pattern }: HandoverTarget): L {
  const { format, source } = loaded;
  if ((format !== ESM && format !== CJS) || source === null || source === undefined) return loaded;
  try {
    const text = typeof source === 'string' ? source : new TextDecoder().decode(source);
    const changed = withHandover(text, { url: bareUrl(url), format: format === ESM ? 'esm' : 'cjs', id, pattern });
    return changed === undefined ? loaded : { ...loaded, source: changed };
  } catch {
    // A source of a kind we do not know. An exception here would be the host's failed import.
    return loaded;
  }
}
