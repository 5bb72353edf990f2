import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openLab } from '../lab.js';
import { loadAverage, machineFacts } from '../machine.js';
import { measureCallers } from './callers.js';
import { document } from './document.js';
import type { Figures } from './figures.js';
import { measureHistory } from './history.js';
import { plot } from './plot.js';
import { measureTools } from './tools.js';

// `npm run bench growth`: what telemetry and a call cost with more callers, more tools and a longer history. Prints markdown; --write keeps
// it as docs/comparisons/growth.md with its plot, and so wants all parts. --entries has the lengths of the histories, the shortest first.

const PARTS = ['callers', 'tools', 'history'] as const;
type Part = (typeof PARTS)[number];

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '10' },
    only: { type: 'string', default: PARTS.join(',') },
    entries: { type: 'string', default: '10000,10000000' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const seconds = Number(values.seconds);
const wanted = values.only.split(',');
const lengths = values.entries.split(',').map(Number);
if (!(rounds >= 1) || !(seconds >= 1)) throw new RangeError('--rounds and --seconds must be at least 1.');
if (wanted.some((part) => !PARTS.includes(part as Part))) throw new RangeError(`--only takes some of ${PARTS.join(',')}.`);
if (lengths.length < 2 || lengths.some((length) => !(length >= 1000)))
  throw new RangeError('--entries takes two numbers or more, each at least 1000.');
if (values.write && PARTS.some((part) => !wanted.includes(part))) throw new RangeError('--write keeps the whole report: leave out --only.');

const progress = (line: string): void => void process.stderr.write(`${line}\n`);
const head = {
  command: `npm run bench growth -- --rounds ${rounds} --seconds ${seconds} ${values.write ? '' : `--only ${wanted.join(',')} `}--entries ${lengths.join(',')}${values.write ? ' --write' : ''}`,
  date: new Date().toISOString().slice(0, 10),
  machine: await machineFacts(),
  loadAverage: loadAverage(),
  rounds,
  roundSeconds: seconds,
};
const figures = await measure();
const text = document(head, figures);
process.stdout.write(text);
if (values.write) {
  const page = (name: string): URL => new URL(`../../../docs/comparisons/${name}`, import.meta.url);
  writeFileSync(page('growth.md'), text);
  writeFileSync(page('growth.svg'), plot(figures));
}

async function measure(): Promise<Figures> {
  const has = (part: Part): boolean => wanted.includes(part);
  const lab = await openLab({ rounds, roundMs: seconds * 1000, progress });
  try {
    return {
      ...(has('callers') ? { callers: await measureCallers(lab) } : {}),
      ...(has('tools') ? { tools: await measureTools({ rounds, progress }) } : {}),
      ...(has('history') ? { history: await measureHistory(lab, lengths) } : {}),
    };
  } finally {
    await lab.close();
  }
}
