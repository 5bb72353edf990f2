import pg from 'pg';
import type { ThrowawayServer } from '../../../setup/throwawayServer.js';

/** Runs statements on a connection of their own, and returns the rows of the last. */
export async function sql<Row extends object>({ url }: Pick<ThrowawayServer, 'url'>, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const result = await client.query<Row>(text);
    return result.rows;
  } finally {
    await client.end();
  }
}
