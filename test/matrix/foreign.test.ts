import { cpSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { NodeVersion } from './support/axes.js';
import { NODES } from './support/axes.js';
import { coverageIn, expectOnce } from './support/checks.js';
import { install, installNode } from './support/install.js';
import { program } from './support/programs.js';
import { oursAsPath } from './support/run.js';
import { workshopIn } from './support/workshop.js';

const nodes = new Map<NodeVersion, string>();
let foreign = '';

/** Its exports map hides its package.json. */
function apiOfOurs(): string {
  const main = createRequire(oursAsPath).resolve('@opentelemetry/api');
  return main.slice(0, main.lastIndexOf(join('@opentelemetry', 'api'))) + join('@opentelemetry', 'api');
}

/** Everything in one tree shares one copy of OpenTelemetry's API, a peer of all: with two, tracers made before the SDK stay dead. */
function withOurApi(folder: string): void {
  cpSync(join(foreign, 'node_modules'), join(folder, 'node_modules'), { recursive: true });
  const api = join(folder, 'node_modules', '@opentelemetry', 'api');
  rmSync(api, { recursive: true });
  symlinkSync(apiOfOurs(), api);
}

beforeAll(async () => {
  foreign = await install('foreign');
  for (const version of NODES) nodes.set(version, await installNode(version));
});

const THEIRS = `
  const { PgInstrumentation } = require('@opentelemetry/instrumentation-pg');
  const { IORedisInstrumentation } = require('@opentelemetry/instrumentation-ioredis');
  const { PinoInstrumentation } = require('@opentelemetry/instrumentation-pino');
  const { registerInstrumentations } = require('@opentelemetry/instrumentation');
  const theirs = [new PgInstrumentation(), new IORedisInstrumentation(), new PinoInstrumentation()];
  const start = () => registerInstrumentations({ instrumentations: theirs });`;

// Connected before: the other instrumentation makes two spans of a command that has to wait.
const connected = (text: string): string => text.replace('await client.connect();', 'await client.connect(); await redis.ping();');
const late = connected(program('cjs', oursAsPath, 'call', 'after', false));
const early = connected(program('cjs', oursAsPath, 'call', 'before', false));

/** Who comes first. Spans, lines and records must be there once, from whomever. */
const PROGRAMS = [
  ['theirs, ours, libraries', `${THEIRS} start(); ${late}`],
  ['theirs, libraries, ours', `${THEIRS} start(); ${early}`],
  ['ours, theirs, libraries', late.replace('let h = instrument();', `let h = instrument(); ${THEIRS} start();`)],
] as const;

describe.each(NODES.filter((version) => version !== '22.23.3'))('Node %s', (version) => {
  it.for(PROGRAMS)('other instrumentations in the process: %s', async ([name, text], { task }) => {
    task.meta.mark = { row: `other instrumentations: ${name}`, column: version };
    using workshop = workshopIn(foreign);
    withOurApi(workshop.folder);
    const outcome = await workshop.play(nodes.get(version) ?? '', [workshop.write('program.cjs', text)]);
    expectOnce(outcome.receiver, outcome);
    expect(
      Object.values(coverageIn(outcome))
        .flat()
        .filter((way) => way.startsWith('none')),
    ).toEqual([]);
  });
});
