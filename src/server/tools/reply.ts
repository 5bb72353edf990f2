import type { CallToolResult } from '@modelcontextprotocol/server';

const INDENT = 2;

/** A tool's answer: one text item holding JSON, as every client of the earlier server parses it. */
export function success(body: object): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify({ success: true, ...body }, null, INDENT) }] };
}

/** The contract's business failure, marked `isError` so that clients and telemetry see it as one. */
export function failure(error: string, body: object = {}): CallToolResult {
  return { content: [{ type: 'text', text: JSON.stringify({ success: false, error, ...body }, null, INDENT) }], isError: true };
}
