import { versionOf } from '../cells/cell.js';
import { registry } from '../registry/load.js';
import type { Recording } from '../telemetry/recorded.js';
import type { Side } from '../wire/message.js';
import { VALUES } from './conditions.js';
import { ABSENT, be, meets, wording } from './expectation.js';
import type { Expectation } from './expectation.js';
import type { Operation } from './operation.js';
import { wellTyped } from './requirement.js';
import { show } from './verdict.js';
import type { Verdict } from './verdict.js';

/** One point per session, with the attributes of the session, when it ended. */
export function judgeSessions(recording: Recording, side: Side): Verdict[] {
  const metric = `mcp.${side}.session.duration`;
  const fact = registry.metrics[metric];
  const wanted = recording.cell.sessions[side];
  const points = recording.telemetry[side].metrics.find(({ name }) => name === metric)?.points ?? [];
  const count = points.reduce((sum, point) => sum + point.count, 0);
  const say = (subject: string, ok: boolean, said: string): Verdict => ({
    subject,
    signal: 'metric',
    label: 'session',
    method: 'session',
    side,
    ok,
    said: `${metric}: ${said}`,
  });
  const verdicts = [say(metric, count === wanted, `expected ${wanted} points, got ${count}`)];
  for (const { attributes, sum } of points) {
    verdicts.push(say(`${metric}.value`, sum > 0 && sum <= recording.seconds, `expected at most ${recording.seconds} s, got ${sum}`));
    const keys = Object.keys(fact?.attributes ?? {});
    for (const key of keys) {
      const expectation = sessionExpectation(key, recording, side);
      const ok = meets(expectation, attributes[key]) && (attributes[key] === undefined || wellTyped(key, attributes[key]));
      verdicts.push(say(key, ok, `expected ${wording(expectation)}, got ${show(attributes[key])}`));
    }
    const foreign = Object.keys(attributes).filter((key) => !keys.includes(key));
    verdicts.push(say('attributes.allowed', foreign.length === 0, `expected no other attributes, got ${foreign.join(', ')}`));
  }
  return verdicts;
}

/** The class of the last error each side of a broken pipe saw: its input failed, or what came was no message. */
const BROKEN: Readonly<Record<Side, Expectation>> = {
  server: be('RangeError'),
  client: { must: 'be one of', values: ['ZodError', 'ZodRealError', '_OTHER'] },
};

/** Sessions end in order, by the client's close, unless their connection broke. */
function sessionExpectation(key: string, recording: Recording, side: Side): Expectation {
  if (key === 'mcp.protocol.version') return be(versionOf(recording.cell.sdk));
  if (key === 'error.type' && recording.broken) return BROKEN[side];
  const rule = key.startsWith('network.') || key.startsWith('server.') ? VALUES[key] : undefined;
  return rule?.(asOperation(recording, side), 'metric') ?? ABSENT;
}

/** A session seen as an operation of the side that measures it, for the rules of transports and addresses. */
function asOperation(recording: Recording, side: Side): Operation {
  const exchange = { method: 'session', sender: 'client', label: 'session', params: {} } as const;
  return { exchange, side, role: `mcp.${side}`, recording, errorTypes: [], code: undefined };
}
