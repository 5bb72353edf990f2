import { programs } from './programs.js';

// Builds all of them, so that CI shows the time of it as a step of its own. Prints their paths.
const built = await programs(['promtool', 'prometheus', 'amtool', 'alertmanager']);
process.stdout.write(`${Object.values(built).join('\n')}\n`);
