import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handoffFixture } from '../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../setup/handoffFixture.js';
import { bruteForce, rolledUp } from './bruteForce.js';
import { writeHistory } from './history.js';

/** Buckets are what a full scan of the rows comes to, in whatever order rows come and however the work is split. */

let fixture: HandoffFixture;
beforeEach(async () => {
  fixture = await handoffFixture();
});
afterEach(() => fixture.dispose());

const ago = (hours: number): string => new Date(Date.now() - hours * 3_600_000).toISOString();

it('adds up a history of days to minutes, hours and days', async () => {
  await writeHistory(fixture, { sessions: 300, from: ago(70), to: ago(0.1), seed: 0.25 });
  expect(await fixture.analytics.rollUp({ pauseMs: 0 })).toMatchObject({ isComplete: true });
  const expected = await bruteForce(fixture);
  expect(expected.length).toBeGreaterThan(5000);
  expect(await rolledUp(fixture)).toEqual(expected);
});

it('keeps a histogram of what has values, and none of what is only counted', async () => {
  await writeHistory(fixture, { sessions: 20, from: ago(20), to: ago(0.1), seed: 0.5 });
  await fixture.analytics.rollUp({ pauseMs: 0 });
  const measures = await fixture.sql(
    `SELECT DISTINCT m.key AS measure, m.value ? 'total' AS has_values, COALESCE(sketches -> v.key ? m.key, false) AS has_histogram
     FROM analytics_aggregations, jsonb_each(aggregation_data) v, jsonb_each(v.value) m WHERE aggregation_type = 'handoffs' ORDER BY 1`,
  );
  const counted = { has_values: false, has_histogram: false };
  expect(measures).toEqual([
    { measure: 'accepted', ...counted },
    { measure: 'answer_us', has_values: true, has_histogram: true },
    { measure: 'rejected', ...counted },
    { measure: 'requested', ...counted },
    { measure: 'timed_out', ...counted },
  ]);
});

describe('late rows', () => {
  it('are added to buckets that were made before they came', async () => {
    await writeHistory(fixture, { sessions: 50, from: ago(50), to: ago(0.1), seed: 0.5 });
    await fixture.analytics.rollUp({ pauseMs: 0 });
    await writeHistory(fixture, { sessions: 60, from: ago(55), to: ago(0.1), seed: 0.75 });
    await fixture.analytics.rollUp({ pauseMs: 0 });
    expect(await rolledUp(fixture)).toEqual(await bruteForce(fixture));
  });
});
