// Prints the error of the services without their optional packages, or else that they and the migrations are there.
import { MissingPeerError, createMemoryCache, createPostgresDatabase, migrate } from 'handoff-otel/services';

const clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
};

async function outcome() {
  try {
    await createMemoryCache({}, { clock });
    const database = await createPostgresDatabase(
      { connectionString: 'postgres://127.0.0.1:9/none', connectRetryMs: 0 },
      { clock, random: Math.random },
    );
    await migrate(database, {}, { clock, random: Math.random });
    return 'connected';
  } catch (error) {
    return error instanceof MissingPeerError ? `missing ${error.data.packageName}` : (error.code ?? error.stack);
  }
}

outcome().then((text) => {
  process.stdout.write(`${text}\n`, () => process.exit());
});
