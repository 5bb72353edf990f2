import { afterEach, beforeEach, expect, it } from 'vitest';
import { fixedSeries } from '../../../../../src/handoff/analytics/findings/fixedSeries.js';
import { judge } from '../../../../../src/handoff/analytics/findings/judge.js';
import { handoffFixture } from '../../../../setup/handoffFixture.js';
import type { HandoffFixture } from '../../../../setup/handoffFixture.js';
import { before, found, goTo, lastBucket, writeMinutes } from './week.js';

/** A clock of the database that was ahead for a while does not keep anomalies from being found after it is put back. */

let fixture: HandoffFixture;
let putBack: Date;
beforeEach(async () => {
  fixture = await handoffFixture();
  putBack = before(lastBucket(), 288);
  await writeSessions(before(putBack, 4 * 288), before(putBack, 1), 5);
  await goTo(fixture, putBack);
  await fixture.analytics.findAnomalies();
});
afterEach(() => fixture.dispose());

function writeSessions(from: Date, to: Date, opened: number): Promise<void> {
  return writeMinutes(fixture, { kind: 'sessions', dimension: '', value: '', from, to }, { opened: { n: opened } });
}

const positions = (): Promise<object[]> => fixture.sql('SELECT judged_to FROM analytics_detectors');
const restarts = (): readonly object[] => fixture.log.flatMap(([, of]) => (of['event.name'] === 'handoff.anomaly.restarted' ? [of] : []));

it.each([
  ['30 days', 30 * 288],
  ['two hours', 24],
])('%s ahead: detectors begin anew where the rollups do, and find what comes', async (_, ahead) => {
  await goTo(fixture, before(putBack, -ahead));
  await fixture.analytics.findAnomalies();
  expect(await positions()).toEqual([{ judged_to: before(putBack, -ahead) }]);
  // Nobody opened a session in a time that was still to come.
  expect(await found(fixture)).not.toEqual([]);

  await goTo(fixture, putBack);
  await fixture.analytics.findAnomalies();
  expect(await positions()).toEqual([{ judged_to: putBack }]);
  expect(restarts()).toMatchObject([{ 'handoff.anomaly.kind': 'sessions_opened', 'error.type': 'HANDOFF_DETECTOR_STATE' }]);
  expect(await found(fixture)).toEqual([]);

  await writeSessions(putBack, before(putBack, -2), 500);
  await goTo(fixture, before(putBack, -3));
  expect(await fixture.analytics.findAnomalies()).toMatchObject({ buckets: 3, began: 1 });
  expect(await found(fixture)).toMatchObject([{ direction: 'above', started_at: putBack, ended_at: null }]);
  expect(restarts()).toHaveLength(1);
});

it('what was found before and seemed to end in that time is over when the clock is put back', async () => {
  await writeSessions(before(putBack, 12), before(putBack, 1), 500);
  await fixture.sql("UPDATE analytics_detectors SET judged_to = $1, state = ''", [before(putBack, 4 * 288)]);
  await goTo(fixture, before(putBack, -288));
  await fixture.analytics.findAnomalies();
  const known = await found(fixture);
  expect(known).toMatchObject([{ direction: 'above', started_at: before(putBack, 12) }]);
  await fixture.sql('UPDATE analytics_anomalies SET ended_at = $1', [before(putBack, -288)]);
  await goTo(fixture, putBack);
  await fixture.analytics.findAnomalies();
  expect(await found(fixture)).toEqual([{ ...known[0], ended_at: putBack }]);
});

it('rows that come late are no sign of such a clock', async () => {
  const lateAt = before(putBack, 8);
  await fixture.sql("INSERT INTO analytics_late_rows (kind, at) VALUES ('sessions', $1)", [lateAt]);
  expect(await fixture.analytics.findAnomalies()).toMatchObject({ buckets: 0 });
  expect(await positions()).toEqual([{ judged_to: putBack }]);
  expect(restarts()).toEqual([]);
});

it('nor is it what another process has judged in the meantime', async () => {
  const opened = fixedSeries.find(({ kind }) => kind === 'sessions_opened');
  if (opened === undefined) throw new Error('there is no such series');
  const readMs = before(putBack, 12).getTime();
  const limits = { settledMs: readMs, watermarkMs: readMs, keptSinceMs: 0, sensitivity: 0.5 };
  const judgement = await fixture.database.transaction((q) => judge(q, opened, limits));
  expect(judgement).toMatchObject({ buckets: 0, restart: undefined, hasMore: false });
  expect(await positions()).toEqual([{ judged_to: putBack }]);
});
