import { describe, expect, it } from 'vitest';
import { layered, type Yaml } from './layers.js';

const files = [['config.yaml'], ['config.yaml', 'config.sampling.yaml', 'config.pull.yaml']];
const SIGNALS = ['trace_statements', 'metric_statements', 'log_statements'] as const;
/** From the largest part of telemetry to the smallest: a group runs once for each of the smallest that it names. */
const CONTEXTS = ['resource', 'scope', 'metric', 'span', 'datapoint', 'log', 'spanevent', 'exemplar'];

/** The groups of statements of every transform processor; a flat list is one group. */
function groupsOf(config: Yaml): { id: string; statements: string[] }[] {
  return Object.entries<Yaml>(config.processors)
    .filter(([id]) => id.startsWith('transform/'))
    .flatMap(([id, processor]) => SIGNALS.flatMap((signal) => grouped(processor[signal] ?? []).map((statements) => ({ id, statements }))));
}

function grouped(list: Yaml[]): string[][] {
  const flat = list.filter((item) => typeof item === 'string');
  return flat.length > 0 ? [flat] : list.map(({ statements }) => statements);
}

/** The code of a statement: without its text literals. */
const code = (statement: string): string => statement.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""');
const contextsOf = (statement: string): string[] => [...code(statement).matchAll(/(?<![.\w])([a-z]+)\.(?=[a-z])/g)].map(([, name]) => name ?? '');

describe('transform statements', () => {
  const groups = files.flatMap((list) => groupsOf(layered(list)));

  it('write the context of every path, which the collector will ask for', () => {
    expect(groups.flatMap(({ statements }) => statements).length).toBeGreaterThan(30);
    for (const statement of groups.flatMap(({ statements }) => statements)) {
      const bare = code(statement).match(/(?<![.\w])(?:attributes|body|status|event_name|name)\b/g);
      expect({ statement, bare, contexts: contextsOf(statement).length > 0 }).toEqual({ statement, bare: null, contexts: true });
      expect(contextsOf(statement).filter((name) => !CONTEXTS.includes(name))).toEqual([]);
    }
  });

  it('change in one group one kind of part only, or those without smaller parts would be passed over', () => {
    for (const { id, statements } of groups) {
      const changed = new Set(statements.map((statement) => contextsOf(statement)[0]));
      const smallest = Math.max(...statements.flatMap(contextsOf).map((name) => CONTEXTS.indexOf(name)));
      expect({ id, statements, changed: [...changed] }).toEqual({ id, statements, changed: [CONTEXTS[smallest]] });
    }
  });

  it('fail visibly: what a statement cannot do refuses the batch', () => {
    const transforms = Object.entries<Yaml>(layered(['config.yaml', 'config.pull.yaml']).processors).filter(([id]) =>
      id.startsWith('transform/'),
    );
    expect(transforms.length).toBe(4);
    for (const [id, { error_mode: mode }] of transforms) expect({ id, mode }).toEqual({ id, mode: 'propagate' });
  });

  it('give Loki the name of an event as an attribute, since it ignores the field', () => {
    const { processors, service } = layered(['config.yaml']);
    expect(processors['transform/loki'].log_statements[0]).toBe(
      'set(log.attributes["event.name"], log.event_name) where log.event_name != ""',
    );
    expect(service.pipelines.logs.processors).toContain('transform/loki');
  });
});
