import { describe, expect, it, vi } from 'vitest';
import { type TurnTaker, Turns, type Unit } from '../../../../../src/handoff/storage/embedded/turns.js';

/** A backend whose transaction begins with a unit `BEGIN` and ends with `COMMIT` or a rollback; it records what it ran. */
function fakeBackend(): { ran: string[]; run: (unit: Buffer) => Promise<{ reply: Buffer; inTransaction: boolean }> } {
  const ran: string[] = [];
  let inTransaction = false;
  return {
    ran,
    run: async (unit) => {
      const text = unit.toString('latin1').includes('ROLLBACK') ? 'ROLLBACK' : unit.toString();
      ran.push(text);
      if (text.endsWith('BEGIN')) inTransaction = true;
      if (text.endsWith('COMMIT') || text === 'ROLLBACK') inTransaction = false;
      return { reply: unit, inTransaction };
    },
  };
}

const client = (): TurnTaker & { replies: string[]; wasExpelled: boolean } => {
  const self = {
    replies: [] as string[],
    wasExpelled: false,
    reply: (bytes: Buffer) => void self.replies.push(bytes.toString()),
    expelled: () => {
      self.wasExpelled = true;
    },
  };
  return self;
};
const unit = (text: string, complete = true): Unit => ({ bytes: Buffer.from(text), complete });
const settle = async (): Promise<void> => {
  for (let index = 0; index < 20; index += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('Turns', () => {
  it('runs units in order of arrival and answers the one who asked', async () => {
    const [backend, a, b] = [fakeBackend(), client(), client()];
    const turns = new Turns(backend, 1000);
    turns.add(a, unit('a1'));
    turns.add(b, unit('b1'));
    turns.add(a, unit('a2'));
    await turns.idle();
    expect(backend.ran).toEqual(['a1', 'b1', 'a2']);
    expect([a.replies, b.replies]).toEqual([['a1', 'a2'], ['b1']]);
    expect(turns.unitsRun).toBe(3);
  });

  it('lets nobody in between the units of a transaction', async () => {
    const [backend, a, b] = [fakeBackend(), client(), client()];
    const turns = new Turns(backend, 1000);
    turns.add(a, unit('a BEGIN'));
    turns.add(b, unit('b1'));
    await settle();
    turns.add(a, unit('a COMMIT'));
    await turns.idle();
    expect(backend.ran).toEqual(['a BEGIN', 'a COMMIT', 'b1']);
  });

  it('lets nobody into an exchange that a Flush interrupts', async () => {
    const [backend, a, b] = [fakeBackend(), client(), client()];
    const turns = new Turns(backend, 1000);
    turns.add(a, unit('a parse, flush', false));
    turns.add(b, unit('b1'));
    await settle();
    expect(backend.ran).toEqual(['a parse, flush']);
    turns.add(a, unit('a sync'));
    await turns.idle();
    expect(backend.ran).toEqual(['a parse, flush', 'a sync', 'b1']);
  });

  it('rolls back for a client that leaves, drops what it had queued, runs its farewell, and answers it no more', async () => {
    const [backend, a, b] = [fakeBackend(), client(), client()];
    const turns = new Turns(backend, 1000);
    turns.add(a, unit('a BEGIN'));
    await settle();
    turns.add(b, unit('b1'));
    turns.add(a, unit('a2'));
    turns.leave(a, unit('a farewell'));
    turns.leave(a, unit('a farewell'));
    await turns.idle();
    expect(backend.ran).toEqual(['a BEGIN', 'ROLLBACK', 'b1', 'a farewell']);
    expect(a.replies).toEqual(['a BEGIN']);
  });

  it('rolls back a transaction whose client left while its BEGIN ran', async () => {
    const [backend, a, b] = [fakeBackend(), client(), client()];
    const turns = new Turns({ run: (bytes) => (bytes.includes('BEGIN') && turns.leave(a), backend.run(bytes)) }, 1000);
    turns.add(a, unit('a BEGIN'));
    turns.add(b, unit('b1'));
    await turns.idle();
    expect(backend.ran).toEqual(['a BEGIN', 'ROLLBACK', 'b1']);
    expect(a.replies).toEqual([]);
  });

  it('expels a client that holds the backend and says nothing, and no other', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const [backend, a, b] = [fakeBackend(), client(), client()];
    const turns = new Turns(backend, 1000);
    turns.add(a, unit('a BEGIN'));
    await settle();
    vi.advanceTimersByTime(900);
    turns.add(a, unit('a2'));
    turns.add(b, unit('b1'));
    await settle();
    vi.advanceTimersByTime(900);
    await settle();
    expect(backend.ran).toEqual(['a BEGIN', 'a2']);
    vi.advanceTimersByTime(200);
    await settle();
    vi.useRealTimers();
    expect(backend.ran).toEqual(['a BEGIN', 'a2', 'ROLLBACK', 'b1']);
    expect([a.wasExpelled, b.wasExpelled]).toEqual([true, false]);
  });
});
