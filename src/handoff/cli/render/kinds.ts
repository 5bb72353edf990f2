import type { SpanKindName } from '../../../testing/records.js';

/** What a span does, at a glance, and the word for it in the key. */
export const KINDS: Readonly<Record<SpanKindName, { readonly glyph: string; readonly word: string }>> = {
  SERVER: { glyph: '▸', word: 'server' },
  CLIENT: { glyph: '◂', word: 'client' },
  INTERNAL: { glyph: '•', word: 'internal' },
  PRODUCER: { glyph: '↗', word: 'producer' },
  CONSUMER: { glyph: '↘', word: 'consumer' },
  UNSPECIFIED: { glyph: '∘', word: 'unspecified' },
};
