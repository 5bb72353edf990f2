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

/** Why nothing is covered once everything has been restored. */
export const SHUT_DOWN = 'shut down';

/**
 * Covers each class it is given once, and keeps the list of copies. It never throws: it is called inside the host's `require`.
 *
 * Retains no class: copies that a host drops by reloading its modules disappear from the list and from memory. What belongs to a
 * class (its wrappers, how to undo them) is attached to it alone.
 */
export class LibraryCopies {
  readonly #covers: Covers;
  readonly #report: (line: string) => void;
  readonly #known = new WeakMap<object, KnownCopy>();
  readonly #classes = new Set<WeakRef<object>>();
  /** What `status()` reports about copies that were handed over: a program may drop the module and keep using what it created. */
  readonly #handedOver = new Map<string, Remembered>();
  #isReleased = false;

  constructor(covers: Covers, report: (line: string) => void) {
    this.#covers = covers;
    this.#report = report;
  }

  /** Whether everything has been restored. */
  get isReleased(): boolean {
    return this.#isReleased;
  }

  take(found: FoundClass, foundBy: LibraryCopy['foundBy']): void {
    if (this.#isReleased || this.#known.has(found.target)) return;
    this.#prune();
    const known = { found, foundBy, ...this.#cover(found) };
    this.#known.set(found.target, known);
    this.#classes.add(new WeakRef(found.target));
    if (foundBy === 'handed over') this.#handedOver.set(keyOf(found), { name: found.library.name, copy: copyOf(known) });
  }

  /** Returns one entry per copy: pg's two clients are in one package. */
  list(name: LibraryName): LibraryCopy[] {
    this.#prune();
    const copies = new Map<string, LibraryCopy>();
    for (const [key, remembered] of this.#handedOver) {
      if (remembered.name === name)
        copies.set(key, this.#isReleased ? { ...remembered.copy, coverage: 'none', reason: SHUT_DOWN } : remembered.copy);
    }
    for (const known of this.#alive()) if (known.found.library.name === name) copies.set(keyOf(known.found), copyOf(known));
    return [...copies.values()];
  }

  /** Restores everything. What is found afterwards stays untouched. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    for (const { covering, found, foundBy, reason = SHUT_DOWN } of this.#alive()) {
      try {
        covering?.undo();
      } catch (error) {
        this.#report(`${found.library.name} could not be restored: ${errorMessage(error)}`);
      }
      this.#known.set(found.target, { found, foundBy, covering: undefined, reason });
    }
  }

  #alive(): KnownCopy[] {
    return [...this.#classes].flatMap((reference) => {
      const target = reference.deref();
      return target === undefined ? [] : (this.#known.get(target) ?? []);
    });
  }

  /** Done here rather than when they are collected: copies are few and new ones rare, and no callback has to outlive us. */
  #prune(): void {
    for (const reference of this.#classes) if (reference.deref() === undefined) this.#classes.delete(reference);
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
      this.#report(
        `${library.name} ${version} is not covered: ${reason}. Everything else is. To silence this, set libraries: { ${library.option}: false }.`,
      );
      return { covering: undefined, reason };
    }
  }
}

interface Remembered {
  readonly name: LibraryName;
  readonly copy: LibraryCopy;
}

function keyOf({ library, root, version }: FoundClass): string {
  return `${library.name} ${root} ${version}`;
}

function copyOf(known: KnownCopy): LibraryCopy {
  const { version, root } = known.found;
  return { version, root, foundBy: known.foundBy, ...coverageOf(known) };
}

/** A class may by now report its coverage differently, and a proxy may throw. */
function coverageOf({ covering, reason }: KnownCopy): Pick<LibraryCopy, 'coverage' | 'reason'> {
  try {
    return { coverage: covering?.coverage() ?? 'none', ...(reason === undefined ? {} : { reason }) };
  } catch (error) {
    return { coverage: 'none', reason: errorMessage(error) };
  }
}
