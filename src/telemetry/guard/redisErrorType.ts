import { errorMessage } from '../../errors/classify.js';
import { errorType } from '../errorType.js';

/** Words Redis itself puts in front of an error; scripts may invent others, which therefore do not count. */
const REPLY_ERRORS = new Set(
  `ASK BUSY BUSYGROUP BUSYKEY CLUSTERDOWN CROSSSLOT DENIED ERR EXECABORT INPROG INVALIDOBJ IOERR LOADING MASTERDOWN MISCONF MOVED NOAUTH NOGOODSLAVE NOGROUP
  NOMASTERLINK NOPERM NOPROTO NOREPLICAS NOSCRIPT NOTBUSY OOM READONLY TRYAGAIN UNBLOCKED UNKILLABLE WRONGPASS WRONGTYPE`.split(/\s+/),
);

/** What ioredis itself fails with, in all versions. It gives no code, and what it says is fixed. */
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

/** The same, where more follows, which says nothing that may be a label. */
const BEGINNINGS: readonly (readonly [beginning: string, word: string])[] = [
  ['Too many Cluster redirections.', 'too_many_redirections'],
  ['All sentinels are unreachable', 'no_sentinel_available'],
  ['Socket timeout. Expecting data', 'timeout'],
  ['No sharded subscriber for slot', 'no_subscriber'],
];

/**
 * `error.type` of a failed command: the word Redis starts its reply with, a word for what the client reports itself, else what
 * `errorType` makes of it. Never what the server said, which quotes values. Never throws.
 */
export function redisErrorType(thrown: unknown): string {
  const said: unknown = thrown instanceof Error ? errorMessage(thrown) : '';
  const message = typeof said === 'string' ? said : '';
  const [word = ''] = message.slice(0, 24).split(' ', 1);
  if (REPLY_ERRORS.has(word)) return word;
  return WORDS.get(message) ?? BEGINNINGS.find(([beginning]) => message.startsWith(beginning))?.[1] ?? errorType(thrown);
}
