import type { McpOptions } from './options.js';
import { WeakList } from './patching/weakList.js';
import type { McpFaces } from './setUpMcp.js';

interface HandOver {
  readonly face: keyof McpFaces;
  readonly target: object;
  readonly options: McpOptions | undefined;
}

/** Remembers what a host has handed over, in case the instrumentation is enabled later or again. Keeps nothing alive. */
export class HandedOver {
  /** Keeps each note for as long as its target lives. */
  readonly #notes = new WeakMap<object, HandOver>();
  readonly #list = new WeakList<HandOver>();

  note(face: keyof McpFaces, target: unknown, options: McpOptions | undefined): void {
    if ((typeof target !== 'object' && typeof target !== 'function') || target === null || this.#notes.has(target)) return;
    const note = { face, target, options };
    this.#notes.set(target, note);
    this.#list.add(note);
  }

  giveTo(faces: McpFaces): void {
    for (const note of this.#list.drain()) {
      faces[note.face](note.target, note.options);
      this.#list.add(note);
    }
  }
}
