/** Which files to look into when they load, and what for. Plain data: it may have to travel to the loader's thread. */
export interface LoadPattern {
  /**
   * Tested against the module's URL without query and hash, or its path with slashes; so no `^`. Keep it narrow: every
   * match costs a scan of the source.
   */
  readonly files: RegExp;
  /** Classes and functions to hand over, declared at the start of a line of the module's top level. */
  readonly names: readonly string[];
}

export interface LoadedModule {
  /** Without query and hash. `file:` for all that comes from disk. */
  readonly url: string;
  readonly format: 'esm' | 'cjs';
  /** The wanted names this module has. Nothing is said about their kind. */
  readonly values: Readonly<Record<string, unknown>>;
  /**
   * Puts `value` in the place of a function the module declares, for the module itself and for everyone who imports it.
   * Returns false where that cannot be done (a class, a constant, a read-only export): nothing has changed then.
   */
  replace(name: string, value: unknown): boolean;
}

/** Told of each matching module once it is evaluated and before those who asked for it go on. An exception stays with us. */
export type LoadListener = (module: LoadedModule) => void;
