import type { CallToolResult } from '@modelcontextprotocol/server';
import { jsonText } from '../answers/jsonSize.js';

/** What a tool answers, before it takes its form on the wire. */
export interface ToolReply {
  readonly isError: boolean;
  readonly body: object;
}

export function success(body: object): ToolReply {
  return { isError: false, body: { success: true, ...body } };
}

/** The contract's business failure, marked `isError` so that clients and telemetry see it as one. */
export function failure(error: string, body: object = {}): ToolReply {
  return { isError: true, body: { success: false, error, ...body } };
}

/**
 * One text item holding JSON, as every client of the earlier server parses it, and beside a success the same as a
 * structured value. A failure has none: output schemas describe successes, and clients check what they are given.
 */
export function toCallToolResult({ isError, body }: ToolReply): CallToolResult {
  const text = jsonText(body);
  const content = [{ type: 'text' as const, text }];
  return isError ? { content, isError } : { content, structuredContent: JSON.parse(text) as Record<string, unknown> };
}
