/** Every inbox has an address of this form, with the name of its agent percent-encoded. */
export const INBOX_PREFIX = 'handoff://handoffs/';

/** Returns the address of an agent's inbox, as `encodeURIComponent` writes the name. */
export function inboxAddress(agent: string): string {
  // What a caller stored cannot contain half of a surrogate pair, but a row that an earlier server wrote is not ours to trust.
  return `${INBOX_PREFIX}${encodeURIComponent(agent.toWellFormed())}`;
}

/** Returns whether clients can subscribe to this address: an inbox without a query. */
export function isInboxAddress(uri: string): boolean {
  return uri.startsWith(INBOX_PREFIX) && uri.length > INBOX_PREFIX.length && !uri.includes('?') && !uri.includes('#');
}
