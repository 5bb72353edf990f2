import { registry } from '../registry/load.js';
import type { Recording } from '../telemetry/recorded.js';
import type { Side } from '../wire/message.js';
import { show } from './verdict.js';
import type { Verdict } from './verdict.js';

/** Name, instrument, unit and boundaries of every histogram that one side wrote to, and that it has no other `mcp.` metric. */
export function judgeInstruments({ telemetry }: Recording, side: Side): Verdict[] {
  const say = (subject: string, ok: boolean, said: string): Verdict => ({
    subject,
    signal: 'metric',
    label: 'all',
    method: 'all',
    side,
    ok,
    said,
  });
  const known = Object.entries(registry.metrics).flatMap(([name, fact]) => {
    const metric = telemetry[side].metrics.find((each) => each.name === name);
    if (metric === undefined) return [];
    const boundaries = metric.points.every((point) => show(point.boundaries) === show(fact.boundaries));
    return [
      say(`${name}.instrument`, metric.instrument === fact.instrument, `expected ${fact.instrument}, got ${metric.instrument}`),
      say(`${name}.unit`, metric.unit === fact.unit, `expected ${fact.unit}, got ${metric.unit}`),
      say(
        `${name}.boundaries`,
        boundaries,
        `expected ${show(fact.boundaries)}, got ${metric.points.map((point) => show(point.boundaries)).join(' ')}`,
      ),
    ];
  });
  const foreign = telemetry[side].metrics
    .map(({ name }) => name)
    .filter((name) => name.startsWith('mcp.') && registry.metrics[name] === undefined);
  return [
    ...known,
    say('metric.name', foreign.length === 0, `expected only metrics of the conventions under mcp., got ${foreign.join(', ')}`),
  ];
}
