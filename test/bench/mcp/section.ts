import type { Section, Table, Target } from '../scenario.js';
import type { TelemetryFinding } from './messages.js';
import { onRoad } from './results.js';
import { ratioOfMedians } from './ratio.js';
import type { Result } from './results.js';
import { baselineOf } from './variants.js';
import type { Road, Variant } from './variants.js';
import { sdkVersion } from './sdkVersions.js';

const TITLES: Readonly<Record<Road, string>> = {
  v2: 'SDK v2, in memory',
  v1: 'SDK v1, in memory',
  handler: '`createMcpHandler`, a `Request` in and a `Response` out',
};

const METHODS: Readonly<Record<Road, string>> = {
  v2: `\`@modelcontextprotocol/server\` and \`client\` ${sdkVersion('@modelcontextprotocol/server')}, every variant the same. One client calls one tool, one call after the other.`,
  v1: `\`@modelcontextprotocol/sdk\` ${sdkVersion('@modelcontextprotocol/sdk')}, every variant the same. The same call; the tool is registered by \`tool()\`, the only way that Shinzo sees.`,
  handler: `\`@modelcontextprotocol/server\` ${sdkVersion('@modelcontextprotocol/server')}. No client: the handler gets a \`tools/call\` of protocol 2026-07-28 as a new \`Request\`, and the answer is read to its end. Each call builds a server, as the SDK does there, so figures compare within this table only.`,
};

/** What ours may add to a bare call, as a multiple of what the floor adds. */
const MOST_OF_FLOOR: Readonly<Record<Road, number>> = { v2: 1.25, v1: 1.25, handler: 2 };

/** A section a road that was measured. */
export function sections(results: readonly Result[]): Section[] {
  const roads = Object.keys(TITLES) as Road[];
  return roads.flatMap((road) => {
    const own = onRoad(results, road);
    if (own.length === 0) return [];
    return [{ title: TITLES[road], method: METHODS[road], tables: [costTable(own)], targets: [] }];
  });
}

export function costTable(results: readonly Result[]): Table {
  return {
    head: [
      '',
      'CPU a call, median',
      'min – max',
      'added',
      'quartiles',
      'allocated a call',
      'added',
      'telemetry that arrived, a call',
      'wall time, median',
    ],
    rows: results.map(({ variant, cpuUs, wallUs, added, bytes, addedBytes, telemetry }) => {
      const bare = added === undefined || baselineOf(variant) === variant.name;
      return [
        variant.title,
        `${cpuUs.median.toFixed(1)} µs`,
        `${cpuUs.min.toFixed(1)} – ${cpuUs.max.toFixed(1)}`,
        bare ? '' : `${signed(added.median)} µs`,
        bare ? '' : `${signed(added.lower)} – ${signed(added.upper)}`,
        bytes === undefined ? '' : `${(bytes / 1000).toFixed(1)} kB`,
        bare || addedBytes === undefined ? '' : `${signed(addedBytes / 1000)} kB`,
        arrived(variant, telemetry),
        `${wallUs.median.toFixed(1)} µs (${wallUs.min.toFixed(1)} – ${wallUs.max.toFixed(1)})`,
      ];
    }),
  };
}

/** Says so when fewer spans arrived than a call is meant to make, or none with the tool's name: silence is fast. */
function arrived({ spans }: Variant, { spansPerCall, toolNamed, pointsPerCall }: TelemetryFinding): string {
  if (spans === 0 && spansPerCall === 0) return 'none, as meant';
  const made = isComplete(spans, spansPerCall)
    ? count(spansPerCall, 'span')
    : `**${count(spansPerCall, 'span')} where ${spans} were meant**`;
  return `${made}${toolNamed ? '' : ' **without the name of the tool**'}, ${pointsPerCall < 0.001 ? 'no duration point' : count(pointsPerCall, 'duration point')}`;
}

/** A few may be lost at the end of a long run. */
function isComplete(meant: number, spansPerCall: number): boolean {
  return spansPerCall >= meant * 0.999;
}

function count(perCall: number, what: string): string {
  const rounded = Number(perCall.toFixed(2));
  return `${rounded} ${what}${rounded === 1 ? '' : 's'}`;
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`;
}

/** Peers whose figures the target is measured against: those that tell of a call at all. */
export function targets(results: readonly Result[]): Target[] {
  const found = (name: string): Result | undefined => results.find(({ variant }) => variant.name === name);
  const peers = results.filter(
    ({ variant, telemetry }) =>
      variant.peer !== undefined && variant.comparable && telemetry.toolNamed && isComplete(variant.spans, telemetry.spansPerCall),
  );
  return [
    ...againstFloor('v2', found('ours'), found('floor')),
    ...againstFloor('v1', found('ours-v1'), found('floor-v1')),
    ...againstFloor('handler', found('ours-handler'), found('floor-handler')),
    ...againstPeers(results, peers),
    ...disabled('v2', found('ours-disabled')),
    ...disabled('v1', found('ours-disabled-v1')),
    ...disabled('handler', found('ours-disabled-handler')),
  ];
}

function againstFloor(road: Road, ours: Result | undefined, floor: Result | undefined): Target[] {
  if (ours?.added === undefined || floor?.added === undefined) return [];
  const { value, lower, upper } = ratioOfMedians(ours.differences, floor.differences);
  return [
    {
      what: `added, against the floor: ${TITLES[road]}`,
      wanted: `≤ ${MOST_OF_FLOOR[road]} × ${floor.added.median.toFixed(1)} µs`,
      reached: `${ours.added.median.toFixed(1)} µs (× ${value.toFixed(2)}; ${lower.toFixed(2)} – ${upper.toFixed(2)})`,
      met: value <= MOST_OF_FLOOR[road],
    },
  ];
}

/** Each peer with ours of its own SDK; the one that costs least is the target, the others follow from it. */
function againstPeers(results: readonly Result[], peers: readonly Result[]): Target[] {
  return peers.flatMap(({ variant, added }) => {
    const ours = results.find((result) => result.variant.road === variant.road && result.variant.ours === true);
    if (ours?.added === undefined || added === undefined) return [];
    return [
      {
        what: `added, against ${variant.title}`,
        wanted: `< ½ × ${added.median.toFixed(1)} µs`,
        reached: `${ours.added.median.toFixed(1)} µs (× ${(ours.added.median / added.median).toFixed(2)})`,
        met: ours.added.median < added.median / 2,
      },
    ];
  });
}

/** Within noise: the quartiles of the difference hold 0, or it is below what a reading can tell. */
function disabled(road: Road, result: Result | undefined): Target[] {
  const added = result?.added;
  if (added === undefined) return [];
  return [
    {
      what: `added, with \`OTEL_SDK_DISABLED=true\`: ${TITLES[road]}`,
      wanted: 'within noise of bare',
      reached: `${signed(added.median)} µs (${signed(added.lower)} – ${signed(added.upper)})`,
      met: added.lower <= 0 || added.median < 0.5,
    },
  ];
}
