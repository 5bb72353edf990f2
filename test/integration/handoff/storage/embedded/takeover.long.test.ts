import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createScratch } from './scratch.js';
import type { ServerProcess } from './startServerProcess.js';

const scratch = createScratch();
// Here and not in the first test: making it takes half a minute on a machine that is busy with other tests.
beforeAll(async () => void (await scratch.folder()));
afterAll(() => scratch.cleanUp());

/** A new owner takes seconds to start, and on a busy machine minutes: the calls that wait for it are to wait as long. */
const options = { waitMs: 150_000, openTimeoutMs: 150_000 };

interface Written {
  readonly acknowledged: number[];
  readonly failures: string[];
}

async function numbersOf(process: ServerProcess, writer: string): Promise<Set<number>> {
  const rows = await process.tell<{ number: number }[]>({
    do: 'sql',
    text: 'SELECT number FROM notes WHERE writer = $1',
    values: [writer],
  });
  return new Set(rows.map(({ number }) => number));
}

/** Fails unless every acknowledged row is there and every other one failed with the error that says "unknown". */
async function expectNothingLost(process: ServerProcess, writer: string, { acknowledged, failures }: Written): Promise<void> {
  const stored = await numbersOf(process, writer);
  expect(acknowledged.filter((number) => !stored.has(number))).toEqual([]);
  expect(failures.filter((code) => code !== 'HANDOFF_DATABASE_INTERRUPTED')).toEqual([]);
}

/** It may have written its last row before the owner went; the next call takes over then. */
async function roleAfterACall(process: ServerProcess): Promise<unknown> {
  await process.tell({ do: 'sql', text: 'SELECT 1' });
  return process.tell({ do: 'role' });
}

async function ownerAndGuest(dataDir: string): Promise<[ServerProcess, ServerProcess]> {
  const [owner, guest] = [scratch.process(), scratch.process()];
  expect(await owner.tell({ do: 'open', dataDir, options })).toBe('owner');
  expect(await guest.tell({ do: 'open', dataDir, options })).toBe('joined');
  return [owner, guest];
}

// Each test starts up to five databases, which a busy machine takes ten times as long for. No limit of time is part of what is proven here.
describe('several processes on one embedded database', { timeout: 180_000 }, () => {
  it('lets both write at once and counts every row', async () => {
    const [owner, guest] = await ownerAndGuest(await scratch.folder());
    const [a, b] = await Promise.all([
      owner.tell<Written>({ do: 'write', writer: 'a', from: 1, to: 300, atOnce: 8 }),
      guest.tell<Written>({ do: 'write', writer: 'b', from: 1, to: 300, atOnce: 8 }),
    ]);
    expect([a.failures, b.failures]).toEqual([[], []]);
    expect(
      await guest.tell({ do: 'sql', text: 'SELECT writer, count(*)::int AS rows FROM notes GROUP BY writer ORDER BY writer' }),
    ).toEqual([
      { writer: 'a', rows: 300 },
      { writer: 'b', rows: 300 },
    ]);
  });

  it('goes on in another process when the owner is killed, and has every acknowledged row', async () => {
    const [owner, guest] = await ownerAndGuest(await scratch.folder());
    const byOwner = owner.tell<Written>({ do: 'write', writer: 'owner', from: 1, to: 100_000, atOnce: 8 });
    const byGuest = guest.tell<Written>({ do: 'write', writer: 'guest', from: 1, to: 600, atOnce: 8 });
    await guest.progressed(200);
    await owner.kill('SIGKILL');
    await expect(byOwner).rejects.toThrow('the process ended');
    const written = await byGuest;
    expect(await roleAfterACall(guest)).toBe('owner');
    // At most one statement per lane was under way when the owner died; all others waited for the new owner.
    expect(written.failures.length).toBeLessThanOrEqual(8);
    expect(written.acknowledged.length).toBeGreaterThanOrEqual(592);
    await expectNothingLost(guest, 'guest', written);
    expect((await numbersOf(guest, 'owner')).size).toBeGreaterThan(0);
  });

  it('goes on in another process when the owner closes, and nothing fails that was not under way', async () => {
    const [owner, guest] = await ownerAndGuest(await scratch.folder());
    const byGuest = guest.tell<Written>({ do: 'write', writer: 'guest', from: 1, to: 600, atOnce: 8 });
    await guest.progressed(100);
    expect(await owner.tell({ do: 'close' })).toBe('closed');
    const written = await byGuest;
    expect(await roleAfterACall(guest)).toBe('owner');
    expect(written.failures.length).toBeLessThanOrEqual(8);
    await expectNothingLost(guest, 'guest', written);
  });

  it('has every row when all processes were killed and another one opens it', async () => {
    const dataDir = await scratch.folder();
    const [owner, guest] = await ownerAndGuest(dataDir);
    const written = await guest.tell<Written>({ do: 'write', writer: 'guest', from: 1, to: 100, atOnce: 4 });
    await Promise.all([owner.kill('SIGKILL'), guest.kill('SIGKILL')]);
    const later = scratch.process();
    expect(await later.tell({ do: 'open', dataDir, options })).toBe('owner');
    expect(written.acknowledged).toHaveLength(100);
    await expectNothingLost(later, 'guest', written);
  });

  it('gives five processes that start at the same moment on an empty folder one owner', async () => {
    const dataDir = await scratch.emptyFolder();
    const processes = Array.from({ length: 5 }, () => scratch.process());
    const roles = await Promise.all(processes.map((process) => process.tell({ do: 'open', dataDir, options })));
    expect(roles.sort()).toEqual(['joined', 'joined', 'joined', 'joined', 'owner']);
    const answers = await Promise.all(
      processes.map((process, index) => process.tell({ do: 'sql', text: 'SELECT $1::int AS mine', values: [index] })),
    );
    expect(answers).toEqual([0, 1, 2, 3, 4].map((mine) => [{ mine }]));
  });

  it('finds a new owner among three survivors, who all go on', async () => {
    const dataDir = await scratch.folder();
    const [owner, ...survivors] = Array.from({ length: 4 }, () => scratch.process());
    if (owner === undefined) throw new Error('no process');
    await owner.tell({ do: 'open', dataDir, options });
    for (const process of survivors) await process.tell({ do: 'open', dataDir, options });
    await owner.kill('SIGKILL');
    const written = await Promise.all(
      survivors.map((process, index) => process.tell<Written>({ do: 'write', writer: `survivor ${index}`, from: 1, to: 50, atOnce: 2 })),
    );
    const roles = await Promise.all(survivors.map((process) => process.tell({ do: 'role' })));
    expect(roles.sort()).toEqual(['joined', 'joined', 'owner']);
    for (const [index, process] of survivors.entries()) {
      const mine = written[index];
      if (mine !== undefined) await expectNothingLost(process, `survivor ${index}`, mine);
    }
  });
});
