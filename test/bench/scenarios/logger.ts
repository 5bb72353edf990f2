import { pino } from 'pino';
import { leveledLog } from '../../../src/logging/levels.js';
import { createLogger } from '../../../src/logging/logger.js';
import { createStructuredLogger } from '../../../src/logging/structuredLogger.js';
import type { Scenario } from '../scenario.js';
import { median, spread } from '../statistics.js';

const ROUNDS_MIN = 7;
const CALLS = 2000;
const US_PER_MS = 1000;
/** Of the cost of a record of bare pino: what levels, redaction and the check of errors may add, and what one that is not wanted costs. */
const MOST_ADDED_SHARE = 1;
const MOST_DISABLED_SHARE = 0.05;

const nowhere = { write: () => undefined, flush: () => undefined, flushSync: () => undefined };
/** As `observe()` writes it for a tool call. */
const FIELDS = {
  'event.name': 'handoff.context.append',
  'gen_ai.tool.name': 'update_context',
  durationMs: 1.234,
  success: true,
  'handoff.session.key': 'a-session',
  'handoff.session.id': '0b9e6f5e-1111-4222-8333-444455556666',
  'handoff.context.type': 'message',
};
const CONTEXT = { toolName: 'update_context', executionTimeMs: 1.234, success: true, sessionId: FIELDS['handoff.session.id'] };

type Call = () => void;

/** What a record costs before it is handed to stderr or a file, beside pino alone. */
export const loggerScenario: Scenario = {
  name: 'logger',
  summary: 'cost of a log record, and of one that is not wanted, against bare pino',
  run: async (lab) => {
    const calls = subjects();
    const figures = new Map(Object.keys(calls).map((name) => [name, [] as number[]]));
    for (let round = 0; round <= Math.max(lab.rounds, ROUNDS_MIN); round += 1) {
      lab.progress(`logger: round ${round}`);
      for (const [name, call] of Object.entries(calls)) {
        const us = usPerCall(call, lab.roundMs / 20);
        // The first round warms all of them up.
        if (round > 0) figures.get(name)?.push(us);
      }
    }
    const of = (name: string): number => median(figures.get(name) ?? []);
    const added = of('server log') / of('bare pino') - 1;
    const disabled = of('server log, level of the component not reached') / of('bare pino');
    return {
      title: 'The logger',
      method: `One record with ${Object.keys(FIELDS).length} fields, written one after the other to a destination that forgets it; ${CALLS} calls between looks at the clock.`,
      tables: [{ head: ['', 'µs a record, median', 'min – max'], rows: [...figures].map(([name, values]) => row(name, values)) }],
      targets: [
        target('What a record of the server costs more than one of bare pino', MOST_ADDED_SHARE, added),
        target('What a record that is not wanted costs, against one of bare pino', MOST_DISABLED_SHARE, disabled),
      ],
    };
  },
};

function subjects(): Readonly<Record<string, Call>> {
  const bare = pino({}, nowhere);
  const redacting = createLogger({ destination: nowhere, level: 'trace' });
  const server = leveledLog(redacting, { level: 'info', components: {} });
  const byComponent = leveledLog(redacting, { level: 'info', components: { storage: 'warn' } });
  const off = leveledLog(redacting, { level: 'info', components: { context: 'warn' } });
  const structured = createStructuredLogger(server);
  const structuredOff = createStructuredLogger(leveledLog(redacting, { level: 'warn', components: {} }));
  return {
    'bare pino': () => bare.info(FIELDS, 'handoff.context.append'),
    'with redaction and our serializer': () => redacting.info(FIELDS, 'handoff.context.append'),
    'server log': () => server.info(FIELDS, 'handoff.context.append'),
    'server log, with levels of components': () => byComponent.info(FIELDS, 'handoff.context.append'),
    'server log, level of the component not reached': () => off.info(FIELDS, 'handoff.context.append'),
    '`logToolCall`': () => structured.logToolCall(CONTEXT),
    '`logToolCall`, level not reached': () => structuredOff.logToolCall(CONTEXT),
  };
}

function usPerCall(call: Call, durationMs: number): number {
  const startMs = performance.now();
  let done = 0;
  while (performance.now() - startMs < durationMs) {
    for (let index = 0; index < CALLS; index += 1) call();
    done += CALLS;
  }
  return ((performance.now() - startMs) * US_PER_MS) / done;
}

function target(what: string, most: number, reached: number) {
  return { what, wanted: `< ${most * 100} %`, reached: `${(reached * 100).toFixed(1)} %`, met: reached < most };
}

function row(name: string, values: readonly number[]): string[] {
  const { min, median: middle, max } = spread(values);
  return [name, middle.toFixed(3), `${min.toFixed(3)} – ${max.toFixed(3)}`];
}
