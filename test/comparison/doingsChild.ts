import type { Doings } from './doings.js';
import { Lab } from './lab.js';
import { packages } from './packages.js';
import { isPropagated } from './rows/propagation.js';
import type { Mode } from './subject.js';

// One process, one package, switched on or off: tells what it does at one call.

const [name, given] = process.argv.slice(2);
const mode: Mode = given === 'off' ? 'off' : 'plain';
const chosen = packages.find((each) => each.name === name);
if (chosen === undefined) throw new Error(`no such package: ${name ?? ''}`);
const subject = await chosen.open();
const [road = 'v2'] = subject.roads;
if (mode === 'off') await subject.switchOff?.();
const lab = new Lab(subject, road);
const doings = await lab.on<Doings>({ mode }, async (stage) => {
  const reads = await isPropagated(lab, stage);
  return { reads, spans: (await lab.spans((all) => all.length > 0)).length > 0 };
});
process.send?.(doings, () => process.exit());
