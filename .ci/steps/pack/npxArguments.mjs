// Prints the arguments that README.md gives npx, one a line, with the packed file in place of the published package.
// node npxArguments.mjs <README.md> <the packed file>
import { readFileSync } from 'node:fs';

const [readme, packed] = process.argv.slice(2);
const [, configuration] = /```json\n(\{\s*"mcpServers".*?)```/s.exec(readFileSync(readme, 'utf8'));
const { command, args } = JSON.parse(configuration).mcpServers.handoff;
if (command !== 'npx') throw new Error(`README.md configures ${command}`);
for (const argument of args) process.stdout.write(`${argument.startsWith('handoff-otel@') ? packed : argument}\n`);
