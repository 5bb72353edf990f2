import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { main } from '../../../../src/handoff/cli/main.js';
import type { Database } from '../../../../src/handoff/storage/database.js';
import { freshDatabase } from '../../../setup/freshDatabase.js';
import type { FreshDatabase } from '../../../setup/freshDatabase.js';
import { writeFullHistory } from '../analytics/fullHistory.js';
import { openDatabase, sql } from '../storage/openDatabase.js';

/** `handoff-otel report`, in this process. */

let fresh: FreshDatabase;
let database: Database;
let folder: string;
const hour = Math.floor(Date.now() / 3_600_000) * 3_600_000;
const hoursAgo = (hours: number): Date => new Date(hour - hours * 3_600_000);
const range = ['--from', hoursAgo(100).toISOString(), '--to', hoursAgo(4).toISOString()];

beforeAll(async () => {
  [fresh, folder] = await Promise.all([freshDatabase(), mkdtemp(join(tmpdir(), 'handoff-report-'))]);
  expect((await run('migrate')).code).toBe(0);
  database = await openDatabase(fresh.url, { poolSize: 1 });
  await writeFullHistory(
    { sql: (text, values) => sql(database, text, values) },
    { sessions: 120, from: hoursAgo(120), to: hoursAgo(3), seed: 0.75 },
  );
});
afterAll(async () => {
  await database.close();
  await Promise.all([fresh.drop(), rm(folder, { recursive: true })]);
});

async function run(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  const written = { out: '', err: '' };
  const streams = { out: (text: string) => void (written.out += text), err: (text: string) => void (written.err += text) };
  return { code: await main(args, { DATABASE_URL: fresh.url, HANDOFF_GRAFANA_URL: 'https://grafana.example' }, streams), ...written };
}

it('says what to do where nothing is counted yet', async () => {
  const { code, out } = await run('report', 'sessions');
  expect(code).toBe(0);
  expect(out.replaceAll(/\s+/g, ' ')).toContain('Nothing has been added up yet. A running server does this once a minute');
  expect((await run('analytics', 'backfill')).code).toBe(0);
});

it('makes rollups anew from any time to any time, in the time that what is there takes', async () => {
  const { code, out } = await run('analytics', 'rebuild', '--from', '1970-01-01', '--to', '2100-01-01', '--json');
  const { isComplete, lateRows } = JSON.parse(out) as { isComplete: boolean; lateRows: number };
  expect([code, isComplete]).toEqual([0, true]);
  // Six kinds, in hours: of the rows' seven days at most, and on the first days of a month of the month before, which has a bucket.
  expect(lateRows).toBeGreaterThan(100);
  expect(lateRows).toBeLessThan(6 * 24 * (31 + 8));
  expect(await sql(database, 'SELECT 1 FROM analytics_late_rows')).toEqual([]);
  const { code: status, err, out: told } = await run('analytics', 'rebuild', '--from', '2d', '--to', '1h');
  expect(status).toBe(0);
  // A line for each kind when it is done, and not one for each of its transactions.
  const lines = err.trimEnd().split('\n');
  expect(lines).toHaveLength(6);
  for (const line of lines) expect(line).toMatch(/^[a-z]+: \d+ rows?, up to \d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
  const rows = lines.reduce((sum, line) => sum + Number(/: (\d+) /.exec(line)?.[1]), 0);
  expect(told).toMatch(new RegExp(`^Counted ${rows} rows? and \\d+ late rows?\\.$`, 'm'));
});

it('says how far it came where it fails midway', async () => {
  await sql(
    database,
    `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF (coalesce(NEW, OLD)).aggregation_type = 'performance' THEN RAISE EXCEPTION 'refused'; END IF;
         RETURN coalesce(NEW, OLD);
       END $$`,
  );
  await sql(
    database,
    'CREATE TRIGGER refuse BEFORE INSERT OR UPDATE OR DELETE ON analytics_aggregations FOR EACH ROW EXECUTE FUNCTION refuse()',
  );
  const { code, err } = await run('analytics', 'rebuild', '--from', '5d');
  await sql(database, 'DROP FUNCTION refuse CASCADE');
  expect(code).toBe(1);
  const kinds = err.split('\n').flatMap((line) => /^([a-z]+): \d+ rows?, up to/.exec(line)?.[1] ?? []);
  expect(kinds).toEqual(['sessions', 'transitions', 'handoffs', 'context']);
  expect((await run('analytics', 'rebuild', '--from', '5d')).code).toBe(0);
});

it.each(['01.05.2026', '2026-02-30', '2026-05-01T12:00', '5'])('%s is no time from which rollups are made anew', async (from) => {
  const { code, err } = await run('analytics', 'rebuild', '--from', from);
  expect(code).toBe(2);
  expect(err).toContain('--from is not a time (allowed: a date (2026-05-01');
});

it('says that it does not know how full the cache of the servers is', async () => {
  const { out } = await run('report', 'recommendations', '--json');
  const { recommendations } = JSON.parse(out) as { recommendations: { unavailableFacts: { fact: string; reason: string }[] } };
  expect(recommendations.unavailableFacts.find(({ fact }) => fact === 'cache')?.reason).toContain('Ask a server');
});

it('takes the address of Grafana from the settings of the server', async () => {
  await sql(
    database,
    `INSERT INTO analytics_anomalies (kind, subject, severity, direction, score, started_at, detected_at, peak_at, evidence)
     VALUES ('tool_latency', '', 'high', 'above', 1, now(), now(), now(), '[]')`,
  );
  const { out } = await run('report', 'anomalies', '--json');
  const dashboardUrl: unknown = expect.stringContaining('https://grafana.example/d/handoff-business');
  expect(JSON.parse(out)).toMatchObject({ anomalies: { anomalies: [{ type: 'tool_latency', dashboardUrl }] } });
  expect((await run('report', 'anomalies')).out).toMatch(/Ongoing +1/u);
  await sql(database, 'DELETE FROM analytics_anomalies');
});

describe('in the terminal', () => {
  it('shows every report in order, no wider than a terminal, without colours', async () => {
    const { code, out, err } = await run('report', ...range);
    expect([code, err]).toEqual([0, '']);
    const titles = /^(Sessions|Handoffs|Context|Performance|Resources|Anomalies|Recommendations)$/gmu;
    expect([...out.matchAll(titles)].map(([, title]) => title)).toEqual([
      'Sessions',
      'Handoffs',
      'Context',
      'Performance',
      'Resources',
      'Anomalies',
      'Recommendations',
    ]);
    expect(out).not.toContain('\u001b');
    expect(out).not.toContain('\u202e');
    expect(out).not.toMatch(/NaN|undefined|Infinity|\[object/);
    expect(Math.max(...out.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(80);
  });

  it('shows the figures that the rows say', async () => {
    const [counted] = await sql<{ opened: number }>(
      database,
      'SELECT count(*)::int AS opened FROM sessions WHERE created_at >= $1 AND created_at < $2',
      [hoursAgo(100), hoursAgo(4)],
    );
    const { out } = await run('report', 'sessions', ...range, '--group-by', 'retention_policy', '--granularity', 'day');
    expect(counted?.opened).toBeGreaterThan(30);
    expect(out).toMatch(new RegExp(`^ {2}Opened +${counted?.opened}(?: |$)`, 'm'));
    expect(out).toMatch(/^retention policy +opened +completed +expired +length$/m);
    // 96 hours are in five days of UTC, and in four where they begin at midnight.
    const days = Math.ceil(hoursAgo(4).getTime() / 86_400_000) - Math.floor(hoursAgo(100).getTime() / 86_400_000);
    expect(out).toMatch(new RegExp(`^ {2}opened {2}[▁▂▃▄▅▆▇█]{${days}} {2}max \\d+$`, 'm'));
  });
});

it('gives programs the answers that clients get', async () => {
  const { code, out } = await run('report', 'handoffs', 'context', ...range, '--json');
  expect(code).toBe(0);
  const answers = JSON.parse(out) as Record<string, { type: string; granularity: string; handoffTrends?: object[] }>;
  expect(Object.keys(answers)).toEqual(['handoffs', 'context']);
  expect(answers['handoffs']).toMatchObject({ type: 'handoffs', granularity: 'hour', timeRange: { start: range[1], end: range[3] } });
  expect(answers['handoffs']?.handoffTrends).toHaveLength(96);
});

describe('as a page', () => {
  it('makes a new file that is whole and readable by its owner only, and replaces none', async () => {
    const path = join(folder, 'report.html');
    expect(await run('report', ...range, '--html', path)).toEqual({ code: 0, out: '', err: `Wrote ${path}.\n` });
    const page = await readFile(path, 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page).toMatch(/<\/html>\n$/);
    expect(page).not.toMatch(/NaN|undefined|Infinity|\[object|<img|\u202e|<script|https?:/);
    expect(page).toContain('&lt;img src=x onerror=&quot;document.title=1&quot;&gt;&amp;&#39;&quot;');
    expect(page.match(/<title id=/g)).toHaveLength(8);
    expect(await readdir(folder)).toEqual(['report.html']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const taken = join(folder, 'taken.html');
    await writeFile(taken, 'mine');
    const refused = await run('report', 'sessions', '--html', taken);
    expect(refused).toMatchObject({ code: 2, err: expect.stringContaining(`${taken} exists already`) });
    expect(await readFile(taken, 'utf8')).toBe('mine');
  });
});

it.each([
  [['money'], 'Unknown type: money. The types are: sessions, handoffs, context, performance, resources, anomalies, recommendations.'],
  [['--from', 'yesterday'], '--from is not a time (allowed: a date'],
  [['--from', '2026-05-02', '--to', '2026-05-01'], '--to is not after the beginning of the range'],
  [['--time-zone', 'Mars'], '--time-zone is not a time zone'],
  [['--granularity', 'year'], '--granularity must be one of hour, day, week, month, not "year".'],
  [['--group-by', 'size'], '--group-by must be one of'],
  [['resources', '--group-by', 'agent'], '--group-by agent cannot be used with resources.'],
  [['--max-groups', '0'], '--max-groups must be a whole number from 1 to 100.'],
  [['--html', ''], '--html needs the name of a new file.'],
  [['--color'], "Unknown option '--color'"],
])('refuses %j with 2', async (args, problem) => {
  const { code, out, err } = await run('report', ...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toContain(problem);
  expect(err).toContain('Usage: handoff-otel report [TYPE...]');
});
