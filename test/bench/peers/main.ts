import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openLab } from '../lab.js';
import { loadAverage, machineFacts } from '../machine.js';
import { installPeers } from '../mcp/peers.js';
import { document } from './document.js';
import { measurePeers } from './rounds.js';
import { OFF, OURS, subjects } from './subjects.js';

// `npm run bench peers`: what telemetry costs the handoff server's own workload, ours and others. Prints markdown; --write keeps it as
// docs/comparisons/peers-server.md and so wants all of them. Peers are installed into their own folders first.

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '8' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const rounds = Number(values.rounds);
const roundSeconds = Number(values.seconds);
const wanted = values.only?.split(',');
const unknown = wanted?.filter((name) => !subjects.some((subject) => subject.name === name)) ?? [];
if (!(rounds >= 1) || !(roundSeconds >= 1)) throw new RangeError('--rounds and --seconds must be at least 1.');
if (unknown.length > 0) throw new RangeError(`--only takes some of ${subjects.map(({ name }) => name).join(',')}.`);
if (values.write && wanted !== undefined) throw new RangeError('--write keeps the whole report: leave out --only.');

const progress = (line: string): void => void process.stderr.write(`${line}\n`);
// All others are compared with these two.
const chosen = subjects.filter(({ name }) => name === OFF || name === OURS || (wanted?.includes(name) ?? true));
installPeers(
  chosen.flatMap(({ peer }) => peer ?? []),
  progress,
);
const head = {
  command: `npm run bench peers -- --rounds ${rounds} --seconds ${roundSeconds}${wanted === undefined ? '' : ` --only ${wanted.join(',')}`}${values.write ? ' --write' : ''}`,
  date: new Date().toISOString().slice(0, 10),
  machine: await machineFacts(),
  loadAverage: loadAverage(),
  rounds,
  roundSeconds,
};
const lab = await openLab({ rounds, roundMs: roundSeconds * 1000, progress });
try {
  const text = document(head, await measurePeers(lab, chosen));
  process.stdout.write(text);
  if (values.write) writeFileSync(new URL('../../../docs/comparisons/peers-server.md', import.meta.url), text);
} finally {
  await lab.close();
}
