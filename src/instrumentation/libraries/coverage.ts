/** How one loaded copy of a library is covered. */
export interface LibraryCopy {
  /** As in its package.json; `unknown` for a bundled copy that does not tell. */
  readonly version: string;
  /**
   * The package's folder; `bundled` for a copy that was handed over, or is known by its diagnostics channel alone; the name of
   * the runtime (`node`, `bun`, `deno`) for its own figures.
   */
  readonly root: string;
  /**
   * `channel`: covered by the library's own diagnostics channel. `patched`: its methods are wrapped. `other`: spans, or log
   * records, come from another instrumentation that is also installed; ours adds what that one lacks. `observed`: Node's own
   * figures are read. `none`: see `reason`.
   */
  readonly coverage: 'channel' | 'patched' | 'other' | 'observed' | 'none';
  /** `loaded`: it was loaded before us. `load hook`: it loaded later. `handed over`: in `modules`. `channel`: by what it publishes. */
  readonly foundBy: 'loaded' | 'load hook' | 'handed over' | 'channel';
  /** Why there is no coverage, and what to do about it. */
  readonly reason?: string;
}

/** The result of covering a class. */
export interface Covering {
  /** Asked again at each look: another instrumentation may have been added since. */
  readonly coverage: () => Exclude<LibraryCopy['coverage'], 'none'>;
  readonly undo: () => void;
}

/** Covers the class of one copy. May throw. */
export type CoverClass = (target: object) => Covering;
