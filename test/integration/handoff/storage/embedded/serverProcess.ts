// A process that uses the embedded database as a stdio server would, told by its parent what to do.
import { errorCode, errorMessage } from '../../../../../src/errors/classify.js';
import { type EmbeddedDatabase, openEmbeddedDatabase } from '../../../../../src/handoff/storage/embedded/openEmbeddedDatabase.js';
import { systemClock } from '../../../../../src/time/clock.js';
import type { Command, Reply } from './serverProcessProtocol.js';

const write = { name: 'test.write', text: 'INSERT INTO notes (writer, number) VALUES ($1, $2)' };

let database: EmbeddedDatabase | undefined;

function opened(): EmbeddedDatabase {
  if (database === undefined) throw new Error('send `open` first');
  return database;
}

async function obey(command: Command): Promise<unknown> {
  switch (command.do) {
    case 'open':
      database = await openEmbeddedDatabase(
        { dataDir: command.dataDir, ...command.options },
        { clock: systemClock, random: Math.random, onConnectionLost: () => undefined },
      );
      return database.role();
    case 'role':
      return opened().role();
    case 'sql':
      return opened().query({ name: 'test.sql', text: command.text }, command.values);
    case 'write':
      return writeRows(command.writer, command.from, command.to, command.atOnce);
    case 'holdTransaction':
      return new Promise((resolve) => {
        void opened()
          .transaction(async (q) => {
            await q.query(write, [command.writer, 0]);
            resolve('held');
            await new Promise(() => undefined);
          })
          .catch(() => undefined);
      });
    case 'close':
      await opened().close();
      return 'closed';
  }
}

/** Writes rows numbered `from` to `to`, `atOnce` at a time; tells which were acknowledged and how the others failed. */
async function writeRows(
  writer: string,
  from: number,
  to: number,
  atOnce: number,
): Promise<{ acknowledged: number[]; failures: string[] }> {
  const acknowledged: number[] = [];
  const failures: string[] = [];
  let next = from;
  const lane = async (): Promise<void> => {
    while (next <= to) {
      const number = next++;
      try {
        await opened().query(write, [writer, number]);
        acknowledged.push(number);
        if (acknowledged.length % 25 === 0) process.send?.({ progress: acknowledged.length } satisfies Reply);
      } catch (error) {
        failures.push(errorCode(error) ?? errorMessage(error));
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return { acknowledged, failures };
}

process.on('message', (command: Command) => {
  obey(command).then(
    (value) => process.send?.({ id: command.id, value } satisfies Reply),
    (error: unknown) =>
      process.send?.({ id: command.id, error: { code: errorCode(error) ?? 'none', message: errorMessage(error) } } satisfies Reply),
  );
});
