import { Module } from 'node:module';
import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { types } from 'node:util';
import { quietly } from '../../errors/quietly.js';
import { replaceMethod } from '../patching/replaceMethod.js';
import type { LoadListener, LoadPattern } from './loadWatch.js';

type Load = (this: NodeJS.Module, filename: string) => unknown;
type LoadFile = (this: unknown, module: NodeJS.Module, filename: string) => unknown;

/**
 * Notifies `listener` of matching CommonJS modules by their exports, when they are evaluated and before those who asked for them go
 * on. Load hooks do not see all of them: tsx and ts-node read files themselves, and beside asynchronous hooks Node reads imported
 * CommonJS without asking. Returns a function that stops it.
 */
export function watchCjs(pattern: LoadPattern, listener: LoadListener): () => void {
  return watchCjsFiles(pattern.files, (filename, exports) => tellExports(filename, exports, pattern, listener));
}

/** Does the same for everything that matching files export. Exceptions of `listener` are swallowed. */
export function watchCjsFiles(files: RegExp, listener: (filename: string, exports: unknown) => void): () => void {
  // Not in Node's documentation, but the one place that every CommonJS module passes through, with its file name.
  const internals = Module as unknown as { readonly prototype: { load: Load | undefined } };
  const original = internals.prototype.load;
  if (original === undefined) return watchExtensions(files, listener);
  let isActive = true;
  const watched: Load = function load(filename) {
    const result = original.call(this, filename);
    // We are inside the host's `require`: it gets its module, whether or not our inspection succeeds.
    if (isActive && matchesFile({ files }, filename)) quietly(() => listener(filename, this.exports));
    return result;
  };
  const putBack = replaceMethod(internals.prototype, 'load', watched);
  return () => {
    isActive = false;
    putBack();
  };
}

/**
 * The same for Bun, which has no such place. What an ES module imports does not pass through here either, but what that file
 * requires in turn does, and so do the classes we look for: packages keep them in inner files.
 */
function watchExtensions(files: RegExp, listener: (filename: string, exports: unknown) => void): () => void {
  const { _extensions: extensions } = Module as unknown as { readonly _extensions: Record<string, LoadFile | undefined> };
  let isActive = true;
  const ends = ['.js', '.cjs'].flatMap((extension) => {
    // Without one for `.cjs`, Bun loads such files by itself.
    const original = extensions[extension] ?? extensions['.js'];
    if (original === undefined) return [];
    const watched: LoadFile = function loadFile(module, filename) {
      const result = original.call(this, module, filename);
      if (isActive && matchesFile({ files }, filename)) quietly(() => listener(filename, module.exports));
      return result;
    };
    const isNew = !Object.hasOwn(extensions, extension);
    const putBack = replaceMethod(extensions, extension, watched);
    return [
      (): void => {
        putBack();
        if (isNew && extensions[extension] === undefined) Reflect.deleteProperty(extensions, extension);
      },
    ];
  });
  return () => {
    isActive = false;
    for (const end of ends) end();
  };
}

export function matchesFile({ files }: Pick<LoadPattern, 'files'>, filename: string): boolean {
  return files.test(sep === '/' ? filename : filename.replaceAll(sep, '/'));
}

/** Notifies `listener` of the exports of a CommonJS module, if they have any of the names. */
export function tellExports(filename: string, exports: unknown, pattern: LoadPattern, listener: LoadListener): void {
  if (typeof exports !== 'object' || exports === null) return;
  const values = Object.fromEntries(pattern.names.flatMap((name) => (name in exports ? [[name, Reflect.get(exports, name)]] : [])));
  if (Object.keys(values).length === 0) return;
  const replace = (name: string, value: unknown): boolean => Object.hasOwn(exports, name) && Reflect.set(exports, name, value);
  // The cache of `require` has ES modules too: those that were required, and in Bun all.
  const format = types.isModuleNamespaceObject(exports) ? 'esm' : 'cjs';
  listener({ url: pathToFileURL(filename).href, format, values, replace });
}
