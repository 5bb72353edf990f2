import { pathToFileURL } from 'node:url';
import { resolve } from 'node:path';

/** What the bench needs of the handle that `instrument()` returns. */
export interface Ours {
  instrumentServer<Server>(server: Server): Server;
  instrumentClient<Client>(client: Client): Client;
  instrumentHandler<Handler>(handler: Handler): Handler;
}

/**
 * `instrument()` as built, with its defaults. It finds the SDK registered before it and joins it, so that its spans and
 * points end where everybody's do. Without `discover` only what is handed to it is instrumented: client and server share
 * this process, and by itself it would find both. HANDOFF_BENCH_DIST names another build than `dist`.
 */
export async function startOurs({ discover }: { readonly discover: boolean }): Promise<Ours> {
  const dist = process.env['HANDOFF_BENCH_DIST'] ?? resolve(import.meta.dirname, '../../../dist');
  const built = (await import(pathToFileURL(`${dist}/index.js`).href)) as { instrument(options: { mcp: { discover: boolean } }): Ours };
  return built.instrument({ mcp: { discover } });
}
