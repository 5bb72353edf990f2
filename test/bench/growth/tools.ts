import { join } from 'node:path';
import { VariantProcess } from '../mcp/variantProcess.js';
import { median } from '../statistics.js';
import { nameOf, toolName } from './toolSubject.js';
import type { ToolCase } from './toolSubject.js';

/** CPU time, µs: one figure a round; those of the same index were measured in turns. */
export interface ToolsPoint {
  readonly tools: number;
  readonly us: Readonly<Record<ToolCase['what'], Readonly<Record<ToolCase['who'], number[]>>>>;
}

interface Running {
  readonly which: ToolCase;
  readonly child: VariantProcess;
  readonly slicesUs: number[];
}

const TOOLS = [1, 100, 1000] as const;
const PROGRAM = join(import.meta.dirname, 'toolChild.ts');
const CALLS = 4000;
/** The code of a call is compiled by then. */
const WARM_UP_CALLS = 8000;
/** Of each process, whose median counts. */
const SLICES = 5;
const LEAST_SPANS_A_CALL = 0.999;

/** What a call and a list cost where a server has few tools and many, bare and instrumented: each in new processes in every round. */
export async function measureTools({
  rounds,
  progress,
}: {
  readonly rounds: number;
  readonly progress: (line: string) => void;
}): Promise<ToolsPoint[]> {
  const points: ToolsPoint[] = TOOLS.map((tools) => ({ tools, us: { call: { bare: [], ours: [] }, list: { bare: [], ours: [] } } }));
  for (let round = 0; round < rounds; round += 1) {
    progress(`tools: round ${round + 1} of ${rounds}`);
    // Calls and lists by themselves, so that fewer processes wait beside the one that works.
    for (const what of ['call', 'list'] as const) {
      for (const { which, slicesUs } of await measureOnce(what))
        points.find(({ tools }) => tools === which.tools)?.us[what][which.who].push(median(slicesUs));
    }
  }
  return points;
}

async function measureOnce(what: ToolCase['what']): Promise<Running[]> {
  const running: Running[] = [];
  try {
    for (const which of TOOLS.flatMap((tools) => (['bare', 'ours'] as const).map((who) => ({ who, what, tools })))) {
      const child = await VariantProcess.start(nameOf(which), [], PROGRAM);
      running.push({ which, child, slicesUs: [] });
      await child.warmUp(callsOf(which, WARM_UP_CALLS));
    }
    for (let turn = 0; turn < SLICES; turn += 1) {
      for (const { which, child, slicesUs } of turn % 2 === 0 ? running : running.toReversed())
        slicesUs.push((await child.slice(callsOf(which, CALLS))).cpuUs);
    }
    for (const { which, child } of running) {
      const { spansPerCall, spanNames } = await child.finish();
      checkTelemetry(which, spansPerCall, spanNames);
    }
    return running;
  } finally {
    for (const { child } of running) child.kill();
  }
}

/** A list of many tools takes as long as many calls. */
function callsOf({ what, tools }: ToolCase, calls: number): number {
  return what === 'call' ? calls : Math.max(20, Math.ceil(calls / (10 + tools)));
}

/** An instrumented server that says nothing, or not which tool it was, would be cheap. */
function checkTelemetry({ who, what, tools }: ToolCase, spansPerCall: number, spanNames: readonly string[]): void {
  const name = what === 'call' ? `tools/call ${toolName(tools - 1)}` : 'tools/list';
  if (who === 'bare' || (spansPerCall >= LEAST_SPANS_A_CALL && spanNames[0] === name)) return;
  throw new Error(`${spansPerCall} spans a call arrived, the first of which was ${spanNames[0] ?? 'none'} in place of ${name}`);
}
