import type pg from 'pg';

const CHUNK = 1_000_000;

export interface DropFigures {
  readonly rows: number;
  readonly ms: number;
  /** The longest that a row written meanwhile took. */
  readonly slowestWriteMs: number;
}

/**
 * Fills a month that is over with log rows, and drops it while others write.
 *
 * @param drop removes what is due and resolves with how many partitions went
 */
export async function dropOldMonth(pool: pg.Pool, rows: number, drop: () => Promise<number>): Promise<DropFigures> {
  await pool.query(
    "SELECT handoff_create_monthly_partitions('performance_logs', now() - interval '13 months', now() - interval '13 months')",
  );
  for (let first = 0; first < rows; first += CHUNK) {
    await pool.query(
      `INSERT INTO performance_logs (operation, duration_ms, success, created_at)
       SELECT 'update_context', n % 50, true, date_trunc('month', now() - interval '13 months') + (n % 2000000) * interval '1 second'
       FROM generate_series($1::int, $2::int) AS n`,
      [first + 1, Math.min(rows, first + CHUNK)],
    );
  }
  await pool.query('CHECKPOINT');
  const writer = startWriter(pool);
  const startMs = performance.now();
  const dropped = await drop();
  const ms = performance.now() - startMs;
  const slowestWriteMs = await writer.stop();
  if (dropped < 1) throw new Error('The old month was not dropped.');
  return { rows, ms, slowestWriteMs };
}

function startWriter(pool: pg.Pool): { readonly stop: () => Promise<number> } {
  let isStopped = false;
  let slowestMs = 0;
  const writing = (async () => {
    while (!isStopped) {
      const startMs = performance.now();
      await pool.query("INSERT INTO performance_logs (operation, duration_ms, success) VALUES ('update_context', 1, true)");
      slowestMs = Math.max(slowestMs, performance.now() - startMs);
    }
  })();
  return {
    stop: async () => {
      isStopped = true;
      await writing;
      return slowestMs;
    },
  };
}
