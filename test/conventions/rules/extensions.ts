import type { Operation } from './operation.js';
import { ABSENT, be } from './expectation.js';
import type { Expectation } from './expectation.js';

/** Our own attributes beside those of the conventions. Nothing else may appear. */
const SPAN_EXTENSIONS: ReadonlySet<string> = new Set([
  // Proposed in #458: how HTTP refused.
  'http.response.status_code',
  'handoff.mcp.client.name',
  'handoff.mcp.client.version',
  'handoff.mcp.result.type',
  'gen_ai.conversation.id',
  'handoff.mcp.request.size',
  'handoff.mcp.response.size',
]);

export function isExtension(key: string): boolean {
  return SPAN_EXTENSIONS.has(key);
}

export const METRIC_EXTENSIONS: ReadonlySet<string> = new Set(['handoff.mcp.result.type']);

/** A result that says what it is, is marked with it; requests that failed and earlier revisions have no such mark. */
export function resultType({ exchange }: Operation): Expectation {
  const type = exchange.result?.['resultType'];
  return typeof type === 'string' ? be(type) : ABSENT;
}
