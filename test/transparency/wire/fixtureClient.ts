/** The part of the SDKs' request options the script uses; the same in both generations. */
export interface AskOptions {
  readonly signal?: AbortSignal;
  readonly timeout?: number;
  readonly onprogress?: (progress: unknown) => void;
}

export type Era = 'legacy' | 'modern';

/** A client of either generation, as the script drives it. */
export interface FixtureClient {
  /** The SDK's object: what is to be instrumented. */
  readonly client: object;
  connect(): Promise<void>;
  /** Sends a request by the client's own method for it where there is one. */
  ask(method: string, params?: Record<string, unknown>, options?: AskOptions): Promise<unknown>;
  tell(method: string, params?: Record<string, unknown>): Promise<void>;
  /** Opens a subscription; only the second generation can. */
  listen?(
    filter: Record<string, unknown>,
  ): Promise<{ readonly honoredFilter: unknown; readonly closed: Promise<unknown>; close(): Promise<void> }>;
  facts(): unknown;
  close(): Promise<void>;
}

/** How this client's user answers what servers ask for. */
export function elicited(message: string): { action: 'accept'; content: { name: string } } | { action: 'decline' } {
  if (message.startsWith('fail')) throw new TypeError('the dialogue broke');
  return message.startsWith('refuse') ? { action: 'decline' } : { action: 'accept', content: { name: 'Ada' } };
}

export const sampled = {
  role: 'assistant' as const,
  content: { type: 'text' as const, text: 'Paris' },
  model: 'fixture',
  stopReason: 'endTurn',
};
export const roots = { roots: [{ uri: 'file:///work', name: 'work' }] };
export const clientInfo = { name: 'wire-client', version: '2.0.0' };
export const clientCapabilities = { sampling: {}, elicitation: { form: {} }, roots: { listChanged: true } };
export const watched = [
  'notifications/message',
  'notifications/tools/list_changed',
  'notifications/resources/updated',
  'notifications/resources/list_changed',
] as const;
