import { beforeEach, describe, expect, it } from 'vitest';
import { Session } from '../../../../../src/instrumentation/mcp/connection/session.js';
import { FakeClock } from '../../../../../src/testing/fakeClock.js';

const NOTHING_KNOWN = { network: {}, protocolVersion: undefined, server: undefined };

let clock: FakeClock;
let points: { seconds: number; attributes: object }[];
let session: Session;
beforeEach(() => {
  clock = new FakeClock();
  points = [];
  session = new Session(clock, (seconds, attributes) => points.push({ seconds, attributes }));
});

describe('a session', () => {
  it('lasts from its first message to its end, and is one point', async () => {
    await clock.advance(1000);
    session.alive();
    await clock.advance(2000);
    session.alive();
    await clock.advance(500);
    session.end(NOTHING_KNOWN);
    session.end(NOTHING_KNOWN);
    expect(points).toEqual([{ seconds: 2.5, attributes: {} }]);
  });

  it('without a message is none', () => {
    session.failed(new Error('never opened'));
    session.end(NOTHING_KNOWN);
    expect(points).toEqual([]);
  });

  it('says what is known of its connection', () => {
    session.alive();
    session.end({
      network: { transport: 'tcp', protocolName: 'http', protocolVersion: '2' },
      protocolVersion: '2025-11-25',
      server: { address: 'example.org', port: 443 },
    });
    expect(points).toEqual([
      {
        seconds: 0,
        attributes: {
          'network.transport': 'tcp',
          'network.protocol.name': 'http',
          'network.protocol.version': '2',
          'mcp.protocol.version': '2025-11-25',
          'server.address': 'example.org',
          'server.port': 443,
        },
      },
    ]);
  });

  it('ended in error when an error came last, whatever the error is', () => {
    session.alive();
    session.failed(new RangeError('secret'));
    session.end(NOTHING_KNOWN);
    expect(points).toEqual([{ seconds: 0, attributes: { 'error.type': 'RangeError' } }]);
    const other = new Session(clock, (seconds, attributes) => points.push({ seconds, attributes }));
    other.alive();
    other.failed(undefined);
    other.end(NOTHING_KNOWN);
    expect(points[1]).toEqual({ seconds: 0, attributes: { 'error.type': '_OTHER' } });
  });

  it('that went on after an error ended well', () => {
    session.alive();
    session.failed(new Error('one bad line'));
    session.alive();
    session.end(NOTHING_KNOWN);
    expect(points).toEqual([{ seconds: 0, attributes: {} }]);
  });

  it('begins anew with the first message after the same transport was connected again, and only then', async () => {
    session.alive();
    session.failed(new Error('gone'));
    await clock.advance(1000);
    session.end(NOTHING_KNOWN);
    session.reopen();
    session.end(NOTHING_KNOWN);
    expect(points).toHaveLength(1);
    await clock.advance(1000);
    session.alive();
    await clock.advance(3000);
    // What is open already goes on.
    session.reopen();
    session.end(NOTHING_KNOWN);
    expect(points[1]).toEqual({ seconds: 3, attributes: {} });
  });
});
