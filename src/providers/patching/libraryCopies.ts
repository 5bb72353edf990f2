import { errorMessage } from '../../errors/classify.js';
import type { CoverClass, Covering, LibraryCopy } from './coverage.js';
import type { FoundClass } from './foundClass.js';
import type { LibraryName } from './libraryTable.js';
import { satisfies } from './versions.js';

export type Covers = Partial<Record<LibraryName, CoverClass>>;

interface KnownCopy {
  readonly found: FoundClass;
  readonly foundBy: LibraryCopy['foundBy'];
  readonly covering: Covering | undefined;
  readonly reason: string | undefined;
}

/** Covers each class it is given once, and keeps the list of copies. Nothing of it throws: it is called inside the host's `require`. */
export class LibraryCopies {
  readonly #covers: Covers;
  readonly #report: (line: string) => void;
  readonly #known = new Map<object, KnownCopy>();
  #isReleased = false;

  constructor(covers: Covers, report: (line: string) => void) {
    this.#covers = covers;
    this.#report = report;
  }

  take(found: FoundClass, foundBy: LibraryCopy['foundBy']): void {
    if (this.#isReleased || this.#known.has(found.target)) return;
    this.#known.set(found.target, { found, foundBy, ...this.#cover(found) });
  }

  /** One entry a copy: pg's two clients are in one package. */
  list(name: LibraryName): LibraryCopy[] {
    const copies = new Map<string, LibraryCopy>();
    for (const { found, foundBy, covering, reason } of this.#known.values()) {
      if (found.library.name !== name) continue;
      const { version, root } = found;
      copies.set(`${root} ${version}`, { version, root, foundBy, coverage: covering?.coverage() ?? 'none', ...(reason === undefined ? {} : { reason }) });
    }
    return [...copies.values()];
  }

  /** Puts everything back. What is found afterwards stays as it is. */
  release(): void {
    this.#isReleased = true;
    for (const { covering, found } of this.#known.values()) {
      try {
        covering?.undo();
      } catch (error) {
        this.#report(`${found.library.name} could not be put back as it was: ${errorMessage(error)}`);
      }
    }
    this.#known.clear();
  }

  #cover({ library, version, target }: FoundClass): Pick<KnownCopy, 'covering' | 'reason'> {
    const cover = this.#covers[library.name];
    if (cover === undefined) return { covering: undefined, reason: 'switched off in libraries' };
    if (version !== 'unknown' && !satisfies(version, library.supported)) {
      return { covering: undefined, reason: `unsupported version; supported: ${library.supported}` };
    }
    try {
      return { covering: cover(target), reason: undefined };
    } catch (error) {
      const reason = errorMessage(error);
      this.#report(`${library.name} ${version} is not covered: ${reason}. Everything else is; switch it off with libraries: { ${library.option}: false }.`);
      return { covering: undefined, reason };
    }
  }
}
