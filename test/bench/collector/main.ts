import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freshDatabase } from '../../setup/freshDatabase.js';
import { startThrowawayPostgres } from '../../setup/throwawayPostgres.js';
import { loadAverage, machineFacts } from '../machine.js';
import { captureServer } from './capture.js';
import { collectorDocument } from './document.js';
import { figuresFile, type Figures, type RateFigures } from './figures.js';
import { measureRate } from './rate.js';
import { measureSeries } from './series.js';
import { setUps, type SetUp } from './topology.js';
import { measureUnits } from './units.js';

// `npm run bench collector`: what the telemetry of our processes costs behind them. With --write it keeps the figures, from which
// docs/comparisons/collector.md and, by `npm run docs`, docs/sizing.md are made.

/** 0: as many as are taken. */
const RATES = [1000, 10_000, 0] as const;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    write: { type: 'boolean', default: false },
  },
});
const [rounds, roundSeconds] = [Number(values.rounds), Number(values.seconds)];
if (!(rounds >= 1) || !(roundSeconds >= 1)) throw new RangeError('--rounds and --seconds want numbers of at least 1.');
const progress = (line: string): void => void process.stderr.write(`${line}\n`);

const head = {
  command: `npm run bench collector -- --rounds ${rounds} --seconds ${roundSeconds}${values.write ? ' --write' : ''}`,
  date: new Date().toISOString().slice(0, 10),
  machine: await machineFacts(),
  loadAverage: loadAverage(),
  rounds,
  roundSeconds,
};

await using stack = new AsyncDisposableStack();
const dir = mkdtempSync(join(tmpdir(), 'handoff-bench-collector-'));
stack.defer(() => rmSync(dir, { recursive: true, force: true }));
const postgres = stack.use(await startThrowawayPostgres());

progress('what a server sends');
const capture = await captureServer(await freshDatabase(postgres.url));
progress('what one item weighs');
const units = { ...(await measureUnits(capture, dir)), ...(await measureSeries(capture, await freshDatabase(postgres.url), progress)) };
const rates: RateFigures[] = [];
for (const setUp of Object.keys(setUps) as SetUp[]) {
  for (const rate of RATES) rates.push(await measureRate(capture, setUp, rate, { dir, rounds, roundMs: roundSeconds * 1000, progress }));
}
const figures: Figures = { ...head, rates, units };
const text = collectorDocument(figures);
process.stdout.write(text);
if (values.write) {
  writeFileSync(figuresFile, `${JSON.stringify(figures, undefined, 2)}\n`);
  writeFileSync(new URL('../../../docs/comparisons/collector.md', import.meta.url), text);
}
