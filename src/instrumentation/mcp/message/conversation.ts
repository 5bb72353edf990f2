import { createHmac } from 'node:crypto';
import { propagation } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { isRecord } from '../../../values/guards.js';
import { stringProperty } from '../shapes.js';
import { clip } from './clip.js';
import type { MessageExtra } from '../shapes.js';

/** The facts that can identify a conversation. */
export interface ConversationFacts {
  readonly method: string;
  /** `_meta` of the message, as the peer sent it. */
  readonly meta: Readonly<Record<string, unknown>> | undefined;
  /** `Mcp-Session-Id`; protocol 2026-07-28 has none. */
  readonly sessionId: string | undefined;
  /** What the transport passes along with the message: headers, auth info. */
  readonly extra: unknown;
}

/**
 * Sets `gen_ai.conversation.id` on spans, so that calls of one conversation are found together where the protocol has no session.
 * The first source with a value wins: session id, `from`, `metaKey`, baggage `session.id`, hash of the authenticated client.
 */
export interface ConversationOptions {
  readonly from?: (facts: ConversationFacts) => string | undefined;
  /** The key of `_meta` in which clients of this server send the conversation id. */
  readonly metaKey?: string;
  /** The key for hashing the authenticated client id (HMAC-SHA-256, 32 hex digits). Without it, the client id is not used. */
  readonly hashKey?: string;
}

/** `active`: the context the message is handled in; its baggage has passed the allow-list. */
export type FindConversation = (facts: ConversationFacts, active: Context) => string | undefined;

const MAX_LENGTH = 128;

/** Creates the lookup. Its result has at most 128 characters; a callback that throws counts as returning nothing. */
export function conversationOf({ from, metaKey, hashKey }: ConversationOptions): FindConversation {
  const steps: FindConversation[] = [
    (facts) => facts.sessionId,
    (facts) => from?.(facts),
    (facts) => (metaKey === undefined ? undefined : stringProperty(facts.meta, metaKey)),
    (_facts, active) => propagation.getBaggage(active)?.getEntry('session.id')?.value,
    (facts) => (hashKey === undefined ? undefined : hashedClient(hashKey, facts.extra)),
  ];
  return (facts, active) => {
    for (const step of steps) {
      const found = attempt(step, facts, active);
      if (found !== undefined && found !== '') return clip(found, MAX_LENGTH);
    }
    return undefined;
  };
}

function attempt(step: FindConversation, facts: ConversationFacts, active: Context): string | undefined {
  try {
    const found: unknown = step(facts, active);
    return typeof found === 'string' ? found : undefined;
  } catch {
    return undefined;
  }
}

function hashedClient(key: string, extra: unknown): string | undefined {
  const authInfo = isRecord(extra) ? (extra as MessageExtra).authInfo : undefined;
  const clientId = stringProperty(authInfo, 'clientId');
  return clientId === undefined ? undefined : createHmac('sha256', key).update(clientId).digest('hex').slice(0, 32);
}
