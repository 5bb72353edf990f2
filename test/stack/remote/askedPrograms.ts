import { nodesOf, parse, textOf, unquote } from '../queries/syntax.js';
import { AllowedEmpty } from './report.js';
import type { PrometheusApi } from './prometheusApi.js';

/** Series that exist only once something has gone wrong, or that the workload cannot make, by a part of the selector. */
const onlyAfter: readonly { readonly part: RegExp; readonly reason: string }[] = [
  { part: /^otelcol_exporter_(?:send|enqueue)_failed_/, reason: 'the collector has this series from its first failure on' },
  {
    part: /^otelcol_(?:receiver|processor\w*)_(?:refused|failed|dropped)_/,
    reason: 'the collector has this series from its first refusal on',
  },
  { part: /otel_metric_overflow="true"/, reason: 'no metric has overflowed' },
  { part: /^otel_sdk_\w+\{error_type!=""/, reason: 'no export failed and nothing was dropped' },
  { part: /^(?:tempo|loki)_discarded_/, reason: 'the back end has this series once it discards something' },
  { part: /handoff_cache_operation="get"/, reason: 'the server only writes to its cache' },
  { part: /^ALERTS/, reason: 'no alert fires' },
];

/** Programs whose own metrics a Prometheus has only if it is told to scrape them. */
const SCRAPED = /^((?:tempo|loki|alertmanager|prometheus|grafana|cortex)_|up$)/;

/** One `name{matchers}` of a query. */
interface Selector {
  readonly text: string;
  readonly name: string;
  readonly matchers: readonly string[];
}

/** The selectors of a PromQL query. @throws Error when it is none */
function selectorsOf(query: string): readonly Selector[] {
  const parsed = parse('promql', query);
  return nodesOf(parsed.top, 'VectorSelector').map((node) => {
    const matchers = nodesOf(node, 'UnquotedLabelMatcher', 'QuotedLabelMatcher').map((matcher) => textOf(parsed, matcher));
    const [identifier] = nodesOf(node, 'Identifier');
    const named = matchers.find((matcher) => matcher.startsWith('__name__='));
    const name = identifier === undefined ? unquote(named?.replace(/^__name__=/, '') ?? '') : textOf(parsed, identifier);
    return { text: textOf(parsed, node), name, matchers };
  });
}

/**
 * Why a query that was answered with nothing may be: one of its series exists only after a fault, or is a program's that this
 * Prometheus does not scrape.
 * @throws Error that says for each selector which of its matchers leaves nothing
 */
export async function reasonForNothing(query: string, prometheus: PrometheusApi): Promise<AllowedEmpty> {
  const found: string[] = [];
  for (const selector of selectorsOf(query)) {
    const after = onlyAfter.find(({ part }) => part.test(selector.text));
    if (after !== undefined) return new AllowedEmpty(after.reason);
    const number = await count(prometheus, selector.text);
    if (number > 0) {
      found.push(`${selector.text}: ${number} series`);
      continue;
    }
    const ofName = selector.name === '' ? 0 : await count(prometheus, selector.name);
    const [, program] = SCRAPED.exec(selector.name) ?? [];
    // If it scrapes the program and still has no series of the name, the name is wrong.
    if (ofName === 0 && program !== undefined && (await count(prometheus, `{__name__=~"${program}.*"}`)) === 0) {
      return new AllowedEmpty(`this Prometheus has no ${selector.name}: it scrapes no such program`);
    }
    found.push(`${selector.text}: nothing${ofName === 0 ? ', and no series of this name' : await blame(prometheus, selector)}`);
  }
  throw new Error(`answered with nothing: ${query}\n${found.join('\n')}`);
}

async function count(prometheus: PrometheusApi, selector: string): Promise<number> {
  const [series] = await prometheus.query(`count(${selector})`);
  return series?.value ?? 0;
}

/** Which matcher, taken away alone, lets something through. */
async function blame(prometheus: PrometheusApi, { name, matchers }: Selector): Promise<string> {
  for (const matcher of matchers) {
    const others = matchers.filter((other) => other !== matcher);
    if ((await count(prometheus, `${name}{${others.join(',')}}`)) > 0) return `, because of ${matcher}`;
  }
  return ', because of several matchers together';
}
