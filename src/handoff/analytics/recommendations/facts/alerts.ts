import { alertNames } from '../../../../telemetry/catalogue/alerts.js';
import { isCall } from '../../../../telemetry/catalogue/calls.js';
import { percentileFigure } from '../../reports/figures.js';
import type { GroupedPoint } from '../../reports/reader.js';
import { addMeasures } from '../../rollups/measure.js';
import type { Measure, Measures } from '../../rollups/measure.js';
import { readAlertHistory } from '../sql/ours.js';
import type { AlertHistoryRow } from '../sql/ours.js';
import type { AlertFact, HighestFact } from './facts.js';
import { Unavailable, limited, readRollups, windowOf } from './sources.js';
import type { FactSources } from './sources.js';

async function historyOf(sources: FactSources): Promise<ReadonlyMap<string, AlertHistoryRow>> {
  const rows = await limited(sources, (q) => q.query<AlertHistoryRow>(readAlertHistory, [windowOf(sources).from]));
  return new Map(rows.map((row) => [row.alert, row]));
}

export async function alertFacts(sources: FactSources): Promise<readonly AlertFact[]> {
  const history = await historyOf(sources);
  const thresholds = sources.thresholds();
  return alertNames.flatMap((alert) => {
    const threshold = thresholds[alert];
    if (threshold === undefined) return [];
    const { raised = 0, median_value: value = null, median_minutes: minutes = null } = history.get(alert) ?? {};
    return [{ ...windowOf(sources), alert, threshold, timesRaised: raised, medianDurationMinutes: minutes, medianValue: value }];
  });
}

/** Hours of all names are much to read: half of the window. */
const DAYS = 3.5;
/** As for the alerts themselves. */
const LEAST_RUNS = 10;
const PERCENT = 95;
const MS_PER_MICRO = 1e-3;

export async function highestFacts(sources: FactSources): Promise<readonly HighestFact[] | Unavailable> {
  const history = await historyOf(sources);
  const thresholds = sources.thresholds();
  const read = await readRollups(sources, 'performance', async (reader) => {
    const hours = reader.lastDays(DAYS, 'hour');
    return {
      from: hours.query.start,
      operations: await hours.seriesBy('performance', 'operation', 'duration_us'),
      statements: await hours.seriesBy('performance', 'statement', 'duration_us'),
    };
  });
  if (read instanceof Unavailable) return read;
  const fact = (alert: HighestFact['alert'], figures: readonly HourFigure[]): readonly HighestFact[] => {
    const threshold = thresholds[alert];
    if (threshold === undefined || figures.length === 0) return [];
    return [
      {
        from: read.from,
        to: windowOf(sources).to,
        alert,
        threshold,
        timesRaised: history.get(alert)?.raised ?? 0,
        hours: figures.length,
        runs: figures.reduce((sum, { runs }) => sum + runs, 0),
        highestHourlyP95Ms: Math.max(...figures.map(({ p95Ms }) => p95Ms)),
      },
    ];
  };
  return [
    ...fact('response_time', read.operations.flatMap(ofCalls)),
    ...fact('statement_time', read.statements.flatMap(ofSlowestStatement)),
  ];
}

interface HourFigure {
  readonly runs: number;
  readonly p95Ms: number;
}

function figureOf(duration: Measure | undefined): HourFigure[] {
  const p95Ms = percentileFigure(duration, PERCENT, MS_PER_MICRO);
  return duration === undefined || duration.n < LEAST_RUNS || p95Ms === null ? [] : [{ runs: duration.n, p95Ms }];
}

/** All calls together, as the alert takes them. */
function ofCalls({ values }: GroupedPoint): HourFigure[] {
  const all: Measures = new Map();
  for (const [name, measures] of values) if (isCall(name)) addMeasures(all, measures);
  return figureOf(all.get('duration_us'));
}

function ofSlowestStatement({ values }: GroupedPoint): HourFigure[] {
  const figures = [...values.values()].flatMap((measures) => figureOf(measures.get('duration_us')));
  if (figures.length === 0) return [];
  return [{ runs: figures.reduce((sum, { runs }) => sum + runs, 0), p95Ms: Math.max(...figures.map(({ p95Ms }) => p95Ms)) }];
}
