import { expect, it } from 'vitest';
import { boards } from '../../../../../dashboards/src/boardList.js';
import { boardOfKind, dashboardUrl } from '../../../../../src/handoff/analytics/findings/dashboardUrl.js';
import { anomalyKinds } from '../../../../../src/telemetry/catalogue/anomalies.js';

const FROM = new Date(10_000_000);

it('every kind of anomaly is shown by a board that there is', () => {
  const uids: readonly string[] = Object.values(boards).map(({ uid }) => uid);
  for (const kind of anomalyKinds) expect(uids).toContain(boardOfKind[kind]);
});

it('the link is to the time of the anomaly, an hour more on both sides, and has no password', () => {
  expect(dashboardUrl(undefined, 'tool_calls', FROM, null)).toBeNull();
  expect(dashboardUrl('https://grafana.example', 'tool_calls', FROM, null)).toBe(
    'https://grafana.example/d/handoff-mcp?from=6400000&to=now',
  );
  expect(dashboardUrl('http://ann:secret@grafana.example:3000/path/?x=1#y', 'resource_use', FROM, new Date(20_000_000))).toBe(
    'http://grafana.example:3000/path/d/handoff-runtime?from=6400000&to=23600000',
  );
});
