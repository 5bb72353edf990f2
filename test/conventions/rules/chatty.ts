import type { Exchange } from '../wire/message.js';

/** Notifications that come in swarms: by default they are counted and make no span. */
const CHATTY: ReadonlySet<string> = new Set(['notifications/progress', 'notifications/message']);

export function expectsSpan({ method }: Pick<Exchange, 'method'>, optedIn: boolean): boolean {
  return optedIn || !CHATTY.has(method);
}
