import type { SpanKindName } from '../../../testing/records.js';

/** The glyph for each kind of span, and its name in the key. */
export const KINDS: Readonly<Record<SpanKindName, { readonly glyph: string; readonly word: string }>> = {
  SERVER: { glyph: '▸', word: 'server' },
  CLIENT: { glyph: '◂', word: 'client' },
  INTERNAL: { glyph: '•', word: 'internal' },
  PRODUCER: { glyph: '↗', word: 'producer' },
  CONSUMER: { glyph: '↘', word: 'consumer' },
  UNSPECIFIED: { glyph: '∘', word: 'unspecified' },
};
