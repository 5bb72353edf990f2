import type { SyntaxNode } from '@lezer/common';
import type { CapturedSpan } from './captured.js';
import type { TraceFacts } from './spanFields.js';
import { children, nodesOf, textOf } from './syntax.js';
import type { ParsedQuery } from './syntax.js';
import { evaluate, fieldValue, leaves, parseTraceql, spanTest } from './traceql.js';

/** What a TraceQL query finds in captured spans. */
export interface TraceSearch {
  readonly spans: readonly CapturedSpan[];
  /** Why it finds nothing, or which of the attributes that it shows no span found has. Empty: it does what it should. */
  readonly faults: readonly string[];
}

/** Runs a query as far as panels and links use TraceQL. @throws Error for what it does not know */
export function searchTraces(text: string, spans: readonly CapturedSpan[]): TraceSearch {
  const query = parseTraceql(text);
  const [pipeline] = children(query.top).filter(({ name }) => name === 'SpansetPipelineExpression');
  if (pipeline === undefined) throw new Error(`the evaluator found no pipeline in ${text}`);
  const search = new Search(query, spans);
  const found = search.run(pipeline, spans);
  return { spans: found, faults: found.length === 0 ? search.whyNothing() : search.faults };
}

class Search {
  readonly faults: string[] = [];
  readonly #query: ParsedQuery;
  readonly #spans: readonly CapturedSpan[];
  readonly #traces: ReadonlyMap<string, readonly CapturedSpan[]>;
  readonly #facts: ReadonlyMap<string, TraceFacts>;

  constructor(query: ParsedQuery, spans: readonly CapturedSpan[]) {
    this.#query = query;
    this.#spans = spans;
    this.#traces = Map.groupBy(spans, ({ traceId }) => traceId);
    this.#facts = new Map([...this.#traces].map(([traceId, members]) => [traceId, factsOf(members)]));
  }

  run(node: SyntaxNode, input: readonly CapturedSpan[]): readonly CapturedSpan[] {
    const [left, operator, right] = children(node);
    if (left === undefined) throw new Error(`the evaluator cannot read ${textOf(this.#query, node)}`);
    if (operator === undefined || right === undefined) {
      return left.name === 'SpansetPipeline' ? this.#stage(left, input) : this.run(left, input);
    }
    if (operator.name === 'Pipe') return this.run(right, this.run(left, input));
    return this.#combine(operator.name, this.run(left, input), this.run(right, input));
  }

  /** How many spans meet each condition of the query for itself. */
  whyNothing(): readonly string[] {
    const counts = leaves(this.#query.top).map((leaf) => {
      const meeting = this.#spans.filter((span) => evaluate(this.#query, leaf, span, this.#factsOf(span)) === true);
      return `${textOf(this.#query, leaf)}: ${meeting.length} spans`;
    });
    return [`nothing is found among ${this.#spans.length} spans`, ...counts];
  }

  #factsOf({ traceId }: CapturedSpan): TraceFacts {
    return this.#facts.get(traceId) ?? { root: undefined, durationS: 0 };
  }

  #stage(pipeline: SyntaxNode, input: readonly CapturedSpan[]): readonly CapturedSpan[] {
    const [stage] = children(pipeline);
    switch (stage?.name) {
      case 'SpansetFilter': {
        const passes = spanTest(this.#query, stage);
        return input.filter((span) => passes(span, this.#factsOf(span)));
      }
      case 'SelectOperation':
      case 'GroupOperation':
      case 'MetricsOperation':
        this.#expectFields(stage, input);
        return input;
      case 'CoalesceOperation':
        return input;
      case 'ScalarFilter':
        return this.#countFilter(stage, input);
      default:
        throw new Error(`the evaluator does not know ${stage?.name ?? 'an empty stage'}: add it to traceSearch.ts`);
    }
  }

  /** A column or a group of which no span has a value shows nothing, although the search finds spans. */
  #expectFields(stage: SyntaxNode, input: readonly CapturedSpan[]): void {
    for (const field of nodesOf(stage, 'AttributeField', 'IntrinsicField')) {
      const having = input.filter((span) => {
        const value = fieldValue(this.#query, field, span, this.#factsOf(span));
        return Array.isArray(value) ? value.some((each) => each !== undefined) : value !== undefined;
      });
      if (having.length === 0 && input.length > 0) {
        this.faults.push(`none of the ${input.length} spans found has ${textOf(this.#query, field)}`);
      }
    }
  }

  #countFilter(stage: SyntaxNode, input: readonly CapturedSpan[]): readonly CapturedSpan[] {
    const condition = /^count\(\)\s*(>=|>|=)\s*(\d+)$/.exec(textOf(this.#query, stage));
    if (condition === null) throw new Error(`the evaluator does not know ${textOf(this.#query, stage)}: add it to traceSearch.ts`);
    const [, operator, bound] = condition;
    const passes = (count: number): boolean =>
      operator === '=' ? count === Number(bound) : count > Number(bound) - (operator === '>=' ? 1 : 0);
    const counts = Map.groupBy(input, ({ traceId }) => traceId);
    return input.filter(({ traceId }) => passes(counts.get(traceId)?.length ?? 0));
  }

  #combine(operator: string, left: readonly CapturedSpan[], right: readonly CapturedSpan[]): readonly CapturedSpan[] {
    const inBoth = (a: CapturedSpan, others: readonly CapturedSpan[]): boolean => others.some(({ traceId }) => traceId === a.traceId);
    switch (operator) {
      case 'And':
        return [...left.filter((span) => inBoth(span, right)), ...right.filter((span) => inBoth(span, left))];
      case 'Or':
        return [...new Set([...left, ...right])];
      case 'Gt':
        return right.filter((span) => left.some((above) => isParent(above, span)));
      case 'Desc':
        return right.filter((span) => left.some((above) => this.#isAncestor(above, span)));
      default:
        throw new Error(`the evaluator does not know the operator ${operator}: add it to traceSearch.ts`);
    }
  }

  #isAncestor(above: CapturedSpan, span: CapturedSpan): boolean {
    if (isParent(above, span)) return true;
    const parent = this.#traces.get(span.traceId)?.find((other) => isParent(other, span));
    return parent !== undefined && this.#isAncestor(above, parent);
  }
}

function isParent(above: CapturedSpan, span: CapturedSpan): boolean {
  return above.traceId === span.traceId && above.spanId === span.parentSpanId;
}

function factsOf(members: readonly CapturedSpan[]): TraceFacts {
  const startS = Math.min(...members.map((span) => span.startS));
  const endS = Math.max(...members.map((span) => span.startS + span.durationS));
  return { root: members.find(({ parentSpanId }) => parentSpanId === ''), durationS: endS - startS };
}
