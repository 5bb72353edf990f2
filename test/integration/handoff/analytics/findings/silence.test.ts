import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handoffFixture } from '../../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../../setup/handoffFixture.js';
import { before, goTo, lastBucket, writeMinutes } from './week.js';

/** What is found before and after a time in which nothing was measured. */

let fixture: HandoffFixture;
beforeEach(async () => {
  fixture = await handoffFixture();
});
afterEach(() => fixture.dispose());

describe('a hit rate that has collapsed before a silence, and is as low after it', () => {
  const collapsed = before(lastBucket(), 3 * 288);
  const bucketsLater = (buckets: number): Date => before(collapsed, -buckets);
  const cacheReads = (hits: number): object => ({ hits: { n: hits }, misses: { n: 100 - hits } });

  /**
   * Four usual days, half an hour of few hits, nothing, and half a day of few hits. The days are the same whenever the test runs: a low
   * at their end would be part of the collapse.
   */
  async function writeReads(backAt: Date): Promise<void> {
    await writeMinutes(
      fixture,
      { kind: 'performance', dimension: 'cache', value: 'cache.get', from: bucketsLater(-4 * 288), to: lastBucket() },
      cacheReads(90),
    );
    await fixture.sql(
      `UPDATE analytics_aggregations SET aggregation_data = jsonb_build_object('cache.get', CASE WHEN time_bucket < $1
         THEN jsonb_set($3::jsonb, '{hits,n}',
           to_jsonb(90 + round(5 * cos(extract(epoch FROM time_bucket - $1::timestamptz) / 7000))))
         ELSE $2::jsonb END)`,
      [collapsed, cacheReads(5), cacheReads(90)],
    );
    await fixture.sql('DELETE FROM analytics_aggregations WHERE time_bucket >= $1 AND time_bucket < $2 OR time_bucket >= $3', [
      bucketsLater(6),
      backAt,
      before(backAt, -144),
    ]);
  }

  const told = (): Promise<object[]> =>
    fixture.sql("SELECT started_at, ended_at, end_cause FROM analytics_anomalies WHERE kind = 'cache_hit_rate' ORDER BY started_at");

  it.each([
    ['two days later is told again, judged day by day', 2 * 288, 288],
    ['two days later is told again, judged at once', 2 * 288, 0],
    ['in the middle of the next day but one is told again, judged at once', 288 + 150, 0],
  ])('%s', async (_, silence, step) => {
    const backAt = bucketsLater(silence);
    await writeReads(backAt);
    if (step > 0)
      for (let at = bucketsLater(-288); at < before(backAt, -100); at = before(at, -step)) {
        await goTo(fixture, at);
        await fixture.analytics.findAnomalies();
      }
    await goTo(fixture, before(backAt, -100));
    await fixture.analytics.findAnomalies();
    expect(await told()).toEqual([
      { started_at: collapsed, ended_at: bucketsLater(5), end_cause: 'no_rows' },
      { started_at: backAt, ended_at: null, end_cause: null },
    ]);
  });

  it('twenty hours later is the same anomaly', async () => {
    const backAt = bucketsLater(240);
    await writeReads(backAt);
    await goTo(fixture, before(backAt, -100));
    await fixture.analytics.findAnomalies();
    expect(await told()).toEqual([{ started_at: collapsed, ended_at: null, end_cause: null }]);
  });
});
