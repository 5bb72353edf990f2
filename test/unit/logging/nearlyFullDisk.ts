// Runs as a process of its own, whose files may have only so many bytes (`ulimit -f`): the last write that fits is a short one, as on a
// disk that is nearly full. Writes records into a log file and says on stdout what it was told.
import { truncateSync } from 'node:fs';
import { LogFile } from '../../../src/logging/logFile.js';

const [, , path = '', ending = ''] = process.argv;
const told: unknown[] = [];
let isRecovered = (): void => undefined;
const recovered = new Promise<void>((resolve) => {
  isRecovered = resolve;
});
const log = new LogFile({
  path,
  maxBytes: 1e9,
  interval: 'none',
  keep: 2,
  retryMs: 20,
  onDropped: (records, reason) => told.push(['dropped', records, reason]),
  onRecovered: (records) => {
    told.push(['recovered', records]);
    isRecovered();
  },
});
const flushed = (): Promise<void> => new Promise((resolve) => log.flush(resolve));
const line = (n: number): string => `${JSON.stringify({ n, padding: 'x'.repeat(100) })}\n`;

log.write(line(0));
await flushed();
// One batch, of which only a part fits.
for (let n = 1; n <= 20; n += 1) log.write(line(n));
await flushed();
// As logrotate does with copytruncate; what remains is the part of a line.
truncateSync(path, line(0).length + 3);
log.write(line(21));
if (ending === 'exit') {
  process.stdout.write(JSON.stringify(told));
  process.exit(0);
}
// The timer that tries again does not keep a process alive.
const alive = setTimeout(() => undefined, 20_000);
await recovered;
clearTimeout(alive);
process.stdout.write(JSON.stringify(told));
