import { HOST_SPANS } from './subject.js';
import type { Road, Subject } from './subject.js';
import type { SpanFact } from './facts.js';
import { openHttp } from './stages/http.js';
import type { Stage, StageOptions } from './stages/stage.js';
import { openV1 } from './stages/v1.js';
import { openV2 } from './stages/v2.js';

/**
 * How long a span may take to arrive before it counts as absent. Looks are counted too: a busy machine must not pass for an absent span.
 */
const PATIENCE_MS = 250;
const LOOKS = 15;
const POLL_MS = 10;

const hosts: ReadonlySet<string> = new Set(Object.values(HOST_SPANS));

/** Where a row looks at one package on one road. */
export class Lab {
  readonly subject: Subject;
  readonly road: Road;

  constructor(subject: Subject, road: Road) {
    this.subject = subject;
    this.road = road;
  }

  /** A fresh server with a connection, or with a handler; what connecting made is forgotten. */
  async open(options: StageOptions = {}, road: Road = this.road): Promise<Stage> {
    const stage = await this.openRemembering(options, road);
    await this.quiet();
    this.subject.clear();
    return stage;
  }

  async openRemembering(options: StageOptions = {}, road: Road = this.road): Promise<Stage> {
    if (road === 'v1') return openV1(this.subject, options);
    return road === 'v2' ? openV2(this.subject, options) : openHttp(this.subject, options);
  }

  /** Runs something on a fresh stage and closes it. */
  async on<Result>(options: StageOptions, run: (stage: Stage) => Promise<Result>, road: Road = this.road): Promise<Result> {
    const stage = await this.open(options, road);
    try {
      return await run(stage);
    } finally {
      await stage.close().catch(() => undefined);
      await this.quiet();
      this.subject.clear();
    }
  }

  /** The package's own spans once they satisfy, or when patience has ended. */
  async spans(satisfied: (spans: readonly SpanFact[]) => boolean): Promise<readonly SpanFact[]> {
    const deadlineMs = performance.now() + PATIENCE_MS;
    for (let looks = 1; ; looks += 1) {
      const spans = (await this.subject.spans()).filter(({ name }) => !hosts.has(name));
      if (satisfied(spans) || (looks >= LOOKS && performance.now() > deadlineMs)) return spans;
      await pause();
    }
  }

  /** The span that the receiver of a request or notification made. */
  async received(method: string): Promise<SpanFact | undefined> {
    const find = (spans: readonly SpanFact[]): SpanFact | undefined =>
      spans.find((span) => span.kind !== 'CLIENT' && isAbout(span, method));
    return find(await this.spans((spans) => find(spans) !== undefined));
  }

  /** The span that the sender of a request made. */
  async sent(method: string): Promise<SpanFact | undefined> {
    const find = (spans: readonly SpanFact[]): SpanFact | undefined =>
      spans.find((span) => span.kind === 'CLIENT' && isAbout(span, method));
    return find(await this.spans((spans) => find(spans) !== undefined));
  }

  async hostSpan(name: string): Promise<SpanFact | undefined> {
    return (await this.subject.spans()).find((span) => span.name === name);
  }

  /** Until nothing more arrives. */
  async quiet(): Promise<void> {
    let seen = -1;
    for (;;) {
      const now = (await this.subject.spans()).length;
      if (now === seen) return;
      seen = now;
      await pause();
      await pause();
    }
  }
}

/** By attribute, or by a name as the conventions or Traceloop have it. */
function isAbout({ name, attributes }: SpanFact, method: string): boolean {
  if (attributes['mcp.method.name'] === method || name === method || name.startsWith(`${method} `) || name === `${method}.mcp`) return true;
  return method === 'tools/call' && name.endsWith('.tool');
}

export async function pause(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, POLL_MS));
}

/** What an error response, or any failure, was; a result is no failure. */
export async function failureOf(run: Promise<unknown>): Promise<string> {
  try {
    await run;
    return 'answered';
  } catch (error) {
    const { code, name } = error as Error & { code?: string | number };
    return String(code ?? name);
  }
}
