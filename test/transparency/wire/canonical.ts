/** A trace context the script itself puts into a message: ours must leave it, so it is not taken out again. */
export const CALLERS_TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

const TRACE_KEYS = new Set(['traceparent', 'tracestate', 'baggage']);
const RANDOM: readonly (readonly [RegExp, string])[] = [
  [/\b(localhost|127\.0\.0\.1):\d{2,5}/g, '$1:<port>'],
  [/\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/g, '<uuid>'],
  // Some of the SDKs' own errors quote the message they are about.
  [/\\?"_meta\\?":\{\\?"traceparent\\?":\\?"00-[^}]*\},?/g, ''],
];
/** Follow the length of a body, and so what was added to it. */
const LENGTHS = new Set(['content-length']);

type Fields = Record<string, unknown>;

/** A value as it must be the same in every run: without ports and random ids. */
export function canonical(value: unknown): unknown {
  if (typeof value === 'string') return RANDOM.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), value);
  if (Array.isArray(value)) return value.map(canonical);
  if (!isFields(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, LENGTHS.has(key) ? '<length>' : canonical(field)]));
}

/** A line of JSON, or whatever else was written. What an instrumented sender adds to its requests and notifications is taken out. */
export function canonicalText(text: string, injected: boolean): string {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return String(canonical(text));
  }
  return JSON.stringify(canonical(injected && isFields(message) && 'method' in message ? withoutInjected(message) : message));
}

/** What a handler was called with, which may hold such a message, or its `_meta`, anywhere. */
export function withoutInjectedAnywhere(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutInjectedAnywhere);
  if (!isFields(value)) return value;
  return withoutInjected(
    withoutTraceKeys(Object.fromEntries(Object.entries(value).map(([key, field]) => [key, withoutInjectedAnywhere(field)]))),
  );
}

/** `params._meta` without trace context, and without what held nothing else. */
function withoutInjected(message: Fields): Fields {
  const { params, ...rest } = message;
  if (!isFields(params)) return message;
  const kept = withoutTraceKeys(params);
  return Object.keys(kept).length === 0 ? rest : { ...message, params: kept };
}

function withoutTraceKeys(holder: Fields): Fields {
  const { _meta, ...rest } = holder;
  if (!('_meta' in holder)) return holder;
  const kept = Object.entries(isFields(_meta) ? _meta : {}).filter(([key, field]) => !TRACE_KEYS.has(key) || field === CALLERS_TRACEPARENT);
  // In its place: the order of keys is compared too.
  return kept.length === 0 ? rest : { ...holder, _meta: Object.fromEntries(kept) };
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
