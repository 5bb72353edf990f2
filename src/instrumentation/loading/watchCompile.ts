import { Module } from 'node:module';
import { sep } from 'node:path';
import { replaceMethod } from '../patching/replaceMethod.js';
import { mayHaveMarks } from './fieldMarks.js';
import type { FieldMark } from './fieldMarks.js';
import { withMarkedFields } from './markedFields.js';

type Compile = (this: NodeJS.Module, content: unknown, filename: unknown, ...rest: unknown[]) => unknown;

/**
 * Makes marked classes of CommonJS files, except those that `elsewhere` matches, hand over their instances. Load hooks do not get
 * the source of all CommonJS (see `watchCjs`), and this is the one place that all of it passes through when it is required. What a
 * load hook has changed is not changed again. Returns a function that stops it.
 */
export function watchCompile(marks: readonly FieldMark[], elsewhere: RegExp): () => void {
  // Not in Node's documentation, but so many tools replace it that it is stable.
  const internals = Module as unknown as { readonly prototype: { _compile: Compile } };
  const original = internals.prototype._compile;
  let isActive = true;
  const watched: Compile = function _compile(content, filename, ...rest) {
    return original.call(this, isActive ? compiled(content, filename, marks, elsewhere) : content, filename, ...rest);
  };
  const putBack = replaceMethod(internals.prototype, '_compile', watched);
  return () => {
    isActive = false;
    putBack();
  };
}

function compiled(content: unknown, filename: unknown, marks: readonly FieldMark[], elsewhere: RegExp): unknown {
  if (typeof content !== 'string' || !mayHaveMarks(content, marks)) return content;
  const isElsewhere = typeof filename === 'string' && elsewhere.test(sep === '/' ? filename : filename.replaceAll(sep, '/'));
  return isElsewhere ? content : (withMarkedFields(content, marks) ?? content);
}
