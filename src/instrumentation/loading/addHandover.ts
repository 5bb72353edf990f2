import { mayHaveMarks } from './fieldMarks.js';
import type { FieldMark } from './fieldMarks.js';
import { withHandover } from './handover.js';
import type { LoadPattern } from './loadWatch.js';
import { withMarkedFields } from './markedFields.js';

/** What a load hook gets from the next one; the same for both kinds of hooks. */
interface Loaded {
  readonly format: string | null | undefined;
  readonly source?: string | ArrayBuffer | NodeJS.TypedArray | null | undefined;
}

export interface HandoverTarget {
  readonly id: number;
  readonly pattern: LoadPattern;
  /** Looked for in all files that the pattern does not match. */
  readonly marks: readonly FieldMark[];
}

const ESM = 'module';
const CJS = 'commonjs';

/** The URL of a module without query and hash. */
function bareUrl(url: string): string {
  return url.replace(/[?#].*$/s, '');
}

/**
 * Returns what was loaded, with the handover added: of the wanted names in a file that matches, of marked fields in any other.
 * Everything else is returned unchanged, as is CommonJS that Node reads later by itself (it has no source here): `watchCjs` and
 * `watchCompile` see that.
 */
export function addHandover<L extends Loaded>(loaded: L, url: string, target: HandoverTarget): L {
  const { format, source } = loaded;
  if ((format !== ESM && format !== CJS) || source === null || source === undefined) return loaded;
  try {
    const bare = bareUrl(url);
    const changed = target.pattern.files.test(bare)
      ? namesHandedOver(source, bare, format, target)
      : fieldsHandedOver(source, target.marks);
    return changed === undefined ? loaded : { ...loaded, source: changed };
  } catch {
    // The source is of a kind we do not know. An exception here would make the host's import fail.
    return loaded;
  }
}

type Source = string | ArrayBuffer | NodeJS.TypedArray;

function namesHandedOver(
  source: Source,
  url: string,
  format: typeof ESM | typeof CJS,
  { id, pattern }: HandoverTarget,
): string | undefined {
  return withHandover(textOf(source), { url, format: format === ESM ? 'esm' : 'cjs', id, pattern });
}

function fieldsHandedOver(source: Source, marks: readonly FieldMark[]): string | undefined {
  const searched = source instanceof ArrayBuffer ? new Uint8Array(source) : source;
  if (typeof searched !== 'string' && !(searched instanceof Uint8Array)) return undefined;
  return mayHaveMarks(searched, marks) ? withMarkedFields(textOf(searched), marks) : undefined;
}

function textOf(source: Source): string {
  return typeof source === 'string' ? source : new TextDecoder().decode(source);
}
