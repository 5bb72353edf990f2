import { textField, type Message } from './fields.js';

const TRACE_ID = /^(?!0{32}$)[\da-f]{32}$/;
const SPAN_ID = /^(?!0{16}$)[\da-f]{16}$/;

/** A valid trace id in lower case, `undefined` when absent, `null` when present but not 16 non-zero bytes. */
export const traceIdOf = (message: Message, name = 'traceId'): string | null | undefined => idOf(message, name, TRACE_ID);

/** The same for the 8 bytes of a span id. */
export const spanIdOf = (message: Message, name = 'spanId'): string | null | undefined => idOf(message, name, SPAN_ID);

function idOf(message: Message, name: string, pattern: RegExp): string | null | undefined {
  const id = textField(message, name).toLowerCase();
  if (id === '') return undefined;
  return pattern.test(id) ? id : null;
}
