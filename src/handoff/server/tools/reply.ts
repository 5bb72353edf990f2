import type { CallToolResult } from '@modelcontextprotocol/server';
import { jsonText } from '../answers/jsonSize.js';

/** The answer of a tool, before it is put into its wire format. */
export interface ToolReply {
  readonly isError: boolean;
  readonly body: object;
  /** What the contract has in place of the JSON text of `body`. */
  readonly text?: string;
}

export function success(body: object): ToolReply {
  return { isError: false, body: { success: true, ...body } };
}

/** The contract's business failure, marked `isError` so that clients and telemetry see it as one. */
export function failure(error: string, body: object = {}): ToolReply {
  return { isError: true, body: { success: false, error, ...body } };
}

/**
 * Returns one text item holding JSON, as every client of the earlier server expects, and for a success also the same as a
 * structured value. A failure has none: output schemas describe successes, and clients validate against them.
 */
export function toCallToolResult({ isError, body, text }: ToolReply): CallToolResult {
  const json = jsonText(body);
  const content = [{ type: 'text' as const, text: text ?? json }];
  return isError ? { content, isError } : { content, structuredContent: JSON.parse(json) as Record<string, unknown> };
}
