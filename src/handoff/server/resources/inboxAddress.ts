import { decoded } from './parameters.js';

/** Every inbox has an address of this form, with the name of its agent percent-encoded. */
export const INBOX_PREFIX = 'handoff://handoffs/';

/** Far above any encoded name. */
const MAX_URI_CHARS = 8192;

/** Returns the address of an agent's inbox, as `encodeURIComponent` writes the name. */
export function inboxAddress(agent: string): string {
  // What a caller stored cannot contain half of a surrogate pair, but a row that an earlier server wrote is not ours to trust.
  return `${INBOX_PREFIX}${encodeURIComponent(agent.toWellFormed())}`;
}

/**
 * Returns the address that `inboxAddress` gives for the inbox that a URI names, however it is spelt: as a resource, it is read by the
 * same URL parser and the same decoding. `undefined` for what clients cannot subscribe to, which is all but an inbox without a query.
 */
export function inboxNamedBy(uri: string): string | undefined {
  if (uri.length > MAX_URI_CHARS) return undefined;
  const href = URL.parse(uri)?.href ?? '';
  if (!href.startsWith(INBOX_PREFIX) || href.includes('?') || href.includes('#')) return undefined;
  const agent = decoded(href.slice(INBOX_PREFIX.length));
  return agent === '' ? undefined : inboxAddress(agent);
}
