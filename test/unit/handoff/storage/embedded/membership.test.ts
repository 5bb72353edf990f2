import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { EmbeddedOpenError } from '../../../../../src/errors/embeddedErrors.js';
import { publishAddress } from '../../../../../src/handoff/storage/embedded/address.js';
import { Membership } from '../../../../../src/handoff/storage/embedded/membership.js';
import { systemClock } from '../../../../../src/time/clock.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'handoff-membership-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A membership whose bids are answered by `bid`; `lose()` is the thread telling that it died. */
function membershipWith(
  bid: () => Promise<string | undefined>,
  home = folder,
): { membership: Membership; lose: (reason: Error) => void; bids: () => number } {
  let lose: (reason: Error) => void = () => undefined;
  const bidding = vi.fn(bid);
  const membership = new Membership(
    {
      dataDir: '/data',
      home,
      ownerWorker: (onLost) => {
        lose = onLost;
        return { bid: bidding, stop: () => Promise.resolve() };
      },
    },
    { clock: systemClock, random: () => 0 },
  );
  return { membership, lose: (reason) => lose(reason), bids: () => bidding.mock.calls.length };
}

const damaged = new EmbeddedOpenError('/data', 'damaged', 'PANIC');

describe('Membership', () => {
  it('becomes the owner when nobody answers and the lock is free', async () => {
    const { membership } = membershipWith(() => Promise.resolve('/mine'));
    await membership.open(1000);
    expect([membership.role, await membership.reachable(0)]).toEqual(['owner', '/mine']);
    await membership.close(10);
  });

  it('bids again while another one holds the lock and does not listen yet, and gives up after the limit', async () => {
    const { membership, bids } = membershipWith(() => Promise.resolve(undefined));
    await expect(membership.open(1000)).rejects.toMatchObject({ code: 'HANDOFF_EMBEDDED_UNAVAILABLE', data: { dataDir: '/data' } });
    expect(bids()).toBeGreaterThan(1);
    await membership.close(10);
    const bidsAtClose = bids();
    await systemClock.sleep(150);
    expect(bids()).toBeLessThanOrEqual(bidsAtClose + 1);
  });

  it('tells at once why the database cannot be opened the first time', async () => {
    const { membership, bids } = membershipWith(() => Promise.reject(damaged));
    await expect(membership.open(60_000)).rejects.toBe(damaged);
    expect(bids()).toBe(1);
    await membership.close(10);
  });

  it('keeps trying when it was the owner and lost the database, and tells those who waited in vain why', async () => {
    let answer = (): Promise<string | undefined> => Promise.resolve('/mine');
    const { membership, lose } = membershipWith(() => answer());
    await membership.open(1000);
    answer = () => Promise.reject(damaged);
    lose(new Error('crashed'));
    expect(membership.role).toBe('electing');
    await expect(membership.reachable(100)).rejects.toMatchObject({ code: 'HANDOFF_EMBEDDED_UNAVAILABLE', cause: damaged });
    answer = () => Promise.resolve('/mine again');
    await expect.poll(() => membership.role).toBe('owner');
    expect(await membership.reachable(0)).toBe('/mine again');
    await membership.close(10);
  });

  it('makes nobody wait while one attempt to open it again after the other fails, and says what is wrong', async () => {
    const full = new EmbeddedOpenError('/data', 'disk_full', 'ENOSPC');
    let answer = (): Promise<string | undefined> => Promise.resolve('/mine');
    const { membership, lose, bids } = membershipWith(() => answer());
    await membership.open(1000);
    answer = () => Promise.reject(full);
    lose(full);
    await expect(membership.reachable(60_000)).rejects.toThrow(
      /^The embedded database in \/data cannot be opened \(waited \d+ ms\)\. The disk is full: free some space; nothing that was acknowledged is lost\.$/,
    );
    expect(bids()).toBe(3);
    const startMs = performance.now();
    await expect(membership.reachable(60_000)).rejects.toMatchObject({ cause: full });
    expect(performance.now() - startMs).toBeLessThan(200);
    answer = () => Promise.resolve('/mine again');
    await expect.poll(() => membership.role, { timeout: 5000 }).toBe('owner');
    expect(await membership.reachable(0)).toBe('/mine again');
    await membership.close(10);
  });

  it('waits again, after it could not open the database twice, while another process holds the lock and opens it', async () => {
    const full = new EmbeddedOpenError('/data', 'disk_full', 'ENOSPC');
    let answer = (): Promise<string | undefined> => Promise.resolve('/mine');
    const { membership, lose, bids } = membershipWith(() => answer());
    await membership.open(1000);
    answer = () => Promise.reject(full);
    lose(full);
    await expect(membership.reachable(60_000)).rejects.toMatchObject({ cause: full });
    answer = () => Promise.resolve(undefined);
    const bidsBefore = bids();
    await expect.poll(bids, { timeout: 5000 }).toBeGreaterThan(bidsBefore);
    const waiting = membership.reachable(60_000);
    await Promise.all([
      expect(waiting).resolves.toBe('/mine again'),
      systemClock.sleep(100).then(() => {
        answer = () => Promise.resolve('/mine again');
      }),
    ]);
    await membership.close(10);
  });

  it('makes nobody wait when it has the lock again and cannot open the database once more', async () => {
    const full = new EmbeddedOpenError('/data', 'disk_full', 'ENOSPC');
    const answers: (() => Promise<string | undefined>)[] = [
      () => Promise.resolve('/mine'),
      () => Promise.reject(full),
      () => Promise.reject(full),
      () => Promise.resolve(undefined),
    ];
    const { membership, lose, bids } = membershipWith(() => (answers.shift() ?? (() => Promise.reject(full)))());
    await membership.open(1000);
    lose(full);
    await expect.poll(bids, { timeout: 5000 }).toBe(5);
    await expect(membership.reachable(60_000)).rejects.toMatchObject({ cause: full });
    await membership.close(10);
  });

  it('joins nobody who listens where others than this user could have put a socket', async () => {
    const home = mkdtempSync(join(folder, 'home-'));
    const open = mkdtempSync(join(folder, 'open-'));
    chmodSync(open, 0o777);
    const server = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => server.listen(join(open, 'socket'), resolve));
    publishAddress(home, join(open, 'socket'));
    const { membership } = membershipWith(() => Promise.resolve('/mine'), home);
    await membership.open(1000);
    expect(membership.role).toBe('owner');
    await membership.close(10);
    await new Promise((resolve) => server.close(resolve));
  });

  it('joins whoever listens, and elects again the moment that one is gone', async () => {
    const home = mkdtempSync(join(folder, 'home-'));
    const address = join(home, 'socket');
    const connections = new Set<{ destroy(): void }>();
    const server = createServer((socket) => connections.add(socket));
    await new Promise<void>((resolve) => server.listen(address, resolve));
    publishAddress(home, address);
    const { membership, bids } = membershipWith(() => Promise.resolve('/mine'), home);
    await membership.open(1000);
    expect([membership.role, await membership.reachable(0), bids()]).toEqual(['joined', address, 0]);
    server.close();
    await vi.waitFor(() => expect(connections.size).toBe(1), { timeout: 10_000 });
    for (const connection of connections) connection.destroy();
    await vi.waitFor(() => expect(membership.role).toBe('owner'), { timeout: 10_000 });
    await membership.close(10);
  });
});
