import { Module } from 'node:module';
import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { quietly } from '../../errors/quietly.js';
import { replaceMethod } from '../patching/replaceMethod.js';
import type { LoadListener, LoadPattern } from './loadWatch.js';

type Load = (this: NodeJS.Module, filename: string) => unknown;

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
  const internals = Module as unknown as { readonly prototype: { load: Load } };
  const original = internals.prototype.load;
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

export function matchesFile({ files }: Pick<LoadPattern, 'files'>, filename: string): boolean {
  return files.test(sep === '/' ? filename : filename.replaceAll(sep, '/'));
}

/** Notifies `listener` of the exports of a CommonJS module, if they have any of the names. */
export function tellExports(filename: string, exports: unknown, pattern: LoadPattern, listener: LoadListener): void {
  if (typeof exports !== 'object' || exports === null) return;
  const values = Object.fromEntries(pattern.names.flatMap((name) => (name in exports ? [[name, Reflect.get(exports, name)]] : [])));
  if (Object.keys(values).length === 0) return;
  const replace = (name: string, value: unknown): boolean => Object.hasOwn(exports, name) && Reflect.set(exports, name, value);
  listener({ url: pathToFileURL(filename).href, format: 'cjs', values, replace });
}
