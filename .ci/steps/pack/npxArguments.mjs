// Prints the arguments that README.md gives npx, one per line, with the packed files instead of the published packages.
// node npxArguments.mjs <README.md> <packed handoff-otel> <packed handoff-mcp-server>
import { readFileSync } from 'node:fs';

const [readme, ...packed] = process.argv.slice(2);
const [, configuration] = /```json\n(\{\s*"mcpServers".*?)```/s.exec(readFileSync(readme, 'utf8'));
const { command, args } = JSON.parse(configuration).mcpServers.handoff;
if (command !== 'npx') throw new Error(`README.md configures ${command}`);
const name = args.indexOf('handoff-mcp-server');
if (name < 0) throw new Error(`README.md does not start handoff-mcp-server: ${args.join(' ')}`);
// npx takes the first word that is not an option both for a package and for its command; a packed file must not be taken for
// the command.
const options = packed.flatMap((file) => ['-p', file]);
for (const argument of [...args.slice(0, name), ...options, ...args.slice(name)]) process.stdout.write(`${argument}\n`);
