import { describe, expect, it } from 'vitest';
import { redisErrorType } from '../../../../src/telemetry/guard/redisErrorType.js';

describe('redisErrorType', () => {
  it("takes Redis' own words only", () => {
    expect(redisErrorType(new Error('WRONGTYPE Operation against a key'))).toBe('WRONGTYPE');
    expect(redisErrorType(new Error('MYSECRET raised by a script'))).toBe('Error');
    expect(redisErrorType(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))).toBe('ECONNREFUSED');
    expect(redisErrorType('text')).toBe('_OTHER');
  });

  it.each([
    ['Command timed out', 'timeout'],
    ["Socket timeout. Expecting data, but didn't receive any in 50ms.", 'timeout'],
    ['Connection is closed.', 'connection_closed'],
    ["Stream isn't writeable and enableOfflineQueue options is false", 'not_connected'],
    ["Cluster isn't ready and enableOfflineQueue options is false", 'not_connected'],
    ['None of startup nodes is available', 'no_node_available'],
    ['Too many Cluster redirections. Last error: ReplyError: MOVED 1 a-secret:1', 'too_many_redirections'],
    ['All sentinels are unreachable and retry is disabled. Last error: a-secret', 'no_sentinel_available'],
    ['Connection in subscriber mode, only subscriber commands may be used', 'subscriber_mode'],
    ['Command timed out, says a-secret', 'Error'],
  ])('has a word for "%s"', (message, word) => {
    expect(redisErrorType(new Error(message))).toBe(word);
  });

  it('has a word for a command that was cut off, of whichever class', () => {
    class AbortError extends Error {}
    expect(redisErrorType(new AbortError('Command aborted due to connection close'))).toBe('connection_closed');
  });

  it('survives an error with a message that is no text', () => {
    expect(redisErrorType(Object.assign(new Error(), { message: { a: 1 } }))).toBe('Error');
  });
});
