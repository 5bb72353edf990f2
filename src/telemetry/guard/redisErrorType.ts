import { errorMessage } from '../../errors/classify.js';
import { errorType } from '../errorType.js';

/** Words that Redis itself puts in front of an error; scripts may invent others, so those do not count. */
const REPLY_ERRORS = new Set(
  `ASK BUSY BUSYGROUP BUSYKEY CLUSTERDOWN CROSSSLOT DENIED ERR EXECABORT INPROG INVALIDOBJ IOERR LOADING MASTERDOWN MISCONF MOVED NOAUTH NOGOODSLAVE NOGROUP
  NOMASTERLINK NOPERM NOPROTO NOREPLICAS NOSCRIPT NOTBUSY OOM READONLY TRYAGAIN UNBLOCKED UNKILLABLE WRONGPASS WRONGTYPE`.split(/\s+/),
);

/** Errors of ioredis itself, in all versions. They have no code, and their messages are fixed. */
const WORDS: ReadonlyMap<string, string> = new Map([
  ['Command timed out', 'timeout'],
  ['Connection is closed.', 'connection_closed'],
  ['Command aborted due to connection close', 'connection_closed'],
  ['Cluster is ended.', 'connection_closed'],
  ["Stream isn't writeable and enableOfflineQueue options is false", 'not_connected'],
  ["Cluster isn't ready and enableOfflineQueue options is false", 'not_connected'],
  ['None of startup nodes is available', 'no_node_available'],
  ['No subscriber for the cluster', 'no_subscriber'],
  ['Connection in subscriber mode, only subscriber commands may be used', 'subscriber_mode'],
  ["Connection is in monitoring mode, can't process commands.", 'monitor_mode'],
]);

/** The same for messages that continue with text that must not become a label. */
const BEGINNINGS: readonly (readonly [beginning: string, word: string])[] = [
  ['Too many Cluster redirections.', 'too_many_redirections'],
  ['All sentinels are unreachable', 'no_sentinel_available'],
  ['Socket timeout. Expecting data', 'timeout'],
  ['No sharded subscriber for slot', 'no_subscriber'],
];

/**
 * `error.type` of a failed command: the word Redis starts its reply with, a word for what the client reports itself, else the
 * result of `errorType`. Never the server's message, which quotes values. Never throws.
 */
export function redisErrorType(thrown: unknown): string {
  const text: unknown = thrown instanceof Error ? errorMessage(thrown) : '';
  const message = typeof text === 'string' ? text : '';
  const [word = ''] = message.slice(0, 24).split(' ', 1);
  if (REPLY_ERRORS.has(word)) return word;
  return WORDS.get(message) ?? BEGINNINGS.find(([beginning]) => message.startsWith(beginning))?.[1] ?? errorType(thrown);
}

/** Whether Redis answered, with a refusal. */
export function isRedisReply(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ReplyError';
}
