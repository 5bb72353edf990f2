import { examine } from './examine.js';
import { packages } from './packages.js';

// One process, one package: every row on it, then tells the parent.

const chosen = packages.find(({ name }) => name === process.argv[2]);
if (chosen === undefined) throw new Error(`no such package: ${process.argv[2] ?? ''}`);
const findings = await examine(await chosen.open(), (title) => process.stderr.write(`${title}\n`));
// Timers and exporters of a package would keep the process.
process.send?.(findings, () => process.exit());
