import type { Attributes } from '@opentelemetry/api';
import { registry } from '../registry/load.js';
import { onPoints, onSpans, spoiled, without } from './mutant.js';
import type { Mutant } from './mutant.js';

type Change = (attributes: Attributes) => Attributes;

/** Attributes no SDK tells us or that are only for other revisions of JSON-RPC: there is nothing to take away. */
const NEVER_EMITTED: Readonly<Record<string, string>> = {
  'jsonrpc.protocol.version': 'MCP has only JSON-RPC 2.0',
  'client.address': 'no SDK tells it',
  'client.port': 'no SDK tells it',
  'gen_ai.prompt.variable': 'a template: only its instances are emitted',
};

const EVERYWHERE: ReadonlySet<string> = new Set(['mcp.method.name', 'mcp.protocol.version']);

const drop =
  (key: string): Change =>
  (attributes) =>
    without(attributes, key);
const spoil =
  (key: string): Change =>
  (attributes) =>
    attributes[key] === undefined ? attributes : { ...attributes, [key]: spoiled(attributes[key]) };
const misplace =
  (key: string): Change =>
  (attributes) =>
    attributes[key] === undefined ? { ...attributes, [key]: invented(key) } : attributes;

/** A value that would be right elsewhere, or, where presence is free, one of a wrong type. */
function invented(key: string): string | number {
  const fact = registry.attributes[key];
  if (key === 'client.address') return 42;
  return fact?.type === 'int' ? 'eighty' : 'misplaced';
}

function changesOf(key: string): { readonly verb: string; readonly change: Change; readonly idle?: string }[] {
  const idle = NEVER_EMITTED[key];
  const changes: { verb: string; change: Change; idle?: string }[] = [
    { verb: 'without', change: drop(key), ...(idle === undefined ? {} : { idle }) },
    { verb: 'with a wrong', change: spoil(key), ...(idle === undefined ? {} : { idle }) },
  ];
  // What is everywhere cannot be misplaced; every other attribute has places where it must not be.
  if (!EVERYWHERE.has(key) && registry.attributes[key]?.type !== 'template[string]')
    changes.push({ verb: 'with a misplaced', change: misplace(key) });
  return changes;
}

function isContent(key: string): boolean {
  return registry.attributes[key]?.type === 'any' || registry.attributes[key]?.type === 'template[string]';
}

const spanMutants = Object.values(registry.spans).flatMap(({ kind, attributes }) =>
  Object.keys(attributes).flatMap((key) =>
    changesOf(key)
      // The value of a result is free; only its presence is asked for.
      .filter(({ verb }) => !(verb === 'with a wrong' && key === 'gen_ai.tool.call.result'))
      .map(
        ({ verb, change, ...rest }): Mutant => ({
          name: `${kind} span ${verb} ${key}`,
          subject: key,
          signal: 'span',
          apply: onSpans((span) => (span.kind === kind ? { ...span, attributes: change(span.attributes) } : span)),
          ...rest,
        }),
      ),
  ),
);

const metricMutants = Object.entries(registry.metrics).flatMap(([metric, { attributes }]) =>
  Object.entries(attributes).flatMap(([key, requirement]) => {
    const changes = changesOf(key);
    // Opt-in attributes have no switch on metrics: they can only be where they must not be.
    const never = requirement.level === 'opt_in' || isContent(key);
    return changes
      .filter(({ verb }) => !never || verb === 'with a misplaced')
      .map(
        ({ verb, change, ...rest }): Mutant => ({
          name: `${metric} ${verb} ${key}`,
          subject: key,
          signal: 'metric',
          apply: onPoints(metric, (point) => ({ ...point, attributes: change(point.attributes) })),
          ...rest,
        }),
      );
  }),
);

/** For every attribute of every signal in the pin: lost, falsified, and where it does not belong. */
export const attributeMutants: readonly Mutant[] = [...spanMutants, ...metricMutants];
