// The layer table is the architecture: a file imports only from lower layers, and units on one layer never import each other. A
// folder (or root file) of src that is not in it fails the gate, so its author has to decide where it belongs. Type imports count:
// a type that must travel upwards is in the wrong place. A separate check, tools/folderLoops.ts, makes sure that no folder has a
// loop among its children, at any depth.
export const layers = [
  ['errors/', 'time/', 'values/'],
  ['telemetry/', 'variables/'],
  ['logging/'],
  ['testing/', 'instrumentation/', 'handoff/config/', 'handoff/storage/', 'handoff/resilience/', 'handoff/notification/'],
  ['handoff/archive/', 'handoff/codebase/'],
  ['handoff/sessions/', 'handoff/jobs/'],
  ['handoff/retention/'],
  ['handoff/lifecycle/', 'handoff/monitoring/', 'handoff/analytics/'],
  ['handoff/services.ts'],
  ['handoff/server/'],
  // Composition roots and entry points: they assemble the rest and may use each other, without cycles.
  ['handoff/cli/', 'idle.ts', 'services.ts', 'cli.ts', 'index.ts', 'register.ts', 'server.ts', 'testing.ts', 'mcp.ts'],
];

// The same for the first wing, which is one unit of the table above.
export const instrumentationLayers = [
  ['instrumentation/patching/', 'instrumentation/diagnostics/'],
  ['instrumentation/loading/'],
  ['instrumentation/settings/'],
  ['instrumentation/sdk/'],
  ['instrumentation/exemplars/'],
  ['instrumentation/pipeline/', 'instrumentation/prometheus/'],
  ['instrumentation/exit/', 'instrumentation/logs/'],
  ['instrumentation/libraries/', 'instrumentation/mcp/'],
  ['instrumentation/status/'],
  // `instrument()` itself: its files assemble the rest.
  ['instrumentation/*.ts'],
];

/** Regular expression for everything in `units`: `errors/` is a folder, `index.ts` a file, `errors/*.ts` the files directly in a folder. */
const pathOf = (units) => `^src/(${units.map(patternOf).join('|')})`;
const patternOf = (unit) => (unit.endsWith('/') ? unit : `${unit.replaceAll('.', String.raw`\.`).replace('*', '[^/]+')}$`);

const rulesOf = (table) =>
  table.slice(0, -1).flatMap((units, layer) =>
    units.flatMap((unit) => {
      const from = { path: pathOf([unit]) };
      const siblings = units.filter((other) => other !== unit);
      const name = unit.replace(/\/$/, '').replaceAll('/', '-');
      const upward = {
        name: `layer-upward-${name}`,
        comment: `src/${unit} is layer ${layer}: it may only import layers below ${layer}. Move what is shared down, or pass it in as a parameter.`,
        severity: 'error',
        from,
        to: { path: pathOf(table.slice(layer + 1).flat()) },
      };
      const sideways = {
        name: `layer-sideways-${name}`,
        comment: `Folders of layer ${layer} do not import each other. Move what is shared to a lower layer, or join them in a higher one.`,
        severity: 'error',
        from,
        to: { path: pathOf(siblings) },
      };
      return siblings.length === 0 ? [upward] : [upward, sideways];
    }),
  );

const unplaced = {
  name: 'layer-unplaced',
  comment: 'This folder or file has no layer: add it to one of the tables at the top of .dependency-cruiser.mjs.',
  severity: 'error',
};
const placed = pathOf([...layers.flat().filter((unit) => unit !== 'instrumentation/'), ...instrumentationLayers.flat()]);

export default {
  forbidden: [
    ...rulesOf(layers),
    ...rulesOf(instrumentationLayers),
    { ...unplaced, from: { path: '^src/', pathNot: placed }, to: {} },
    { ...unplaced, from: {}, to: { path: '^src/', pathNot: placed } },
    {
      name: 'no-circular',
      comment: 'Neither half of a cycle can be read, tested or loaded alone. Move what both need into a third file.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing imports this file and it imports nothing: use it or delete it.',
      severity: 'error',
      // What is on no board is a list that only a test reads.
      from: { orphan: true, pathNot: [pathOf(layers.at(-1).filter((unit) => unit.endsWith('.ts'))), '^dashboards/src/leftOut\\.ts$'] },
      to: {},
    },
    {
      name: 'entry-points-are-last',
      comment: 'These have effects when loaded, so only a user or the operating system loads them.',
      severity: 'error',
      from: {},
      to: { path: pathOf(['register.ts', 'cli.ts', 'testing.ts', 'index.ts', 'mcp.ts', 'services.ts', 'server.ts', 'idle.ts']) },
    },
    {
      name: 'instrument-stands-alone',
      comment: 'instrument() is for any MCP server: it must work without our services, server or database.',
      severity: 'error',
      from: { path: pathOf(['instrumentation/', 'idle.ts', 'index.ts', 'register.ts', 'mcp.ts']) },
      to: { path: pathOf(['handoff/']), reachable: true },
    },
    {
      name: 'handoff-stands-alone',
      comment: 'The product works with any OpenTelemetry setup. Only the command line combines it with instrument().',
      severity: 'error',
      from: { path: pathOf(['handoff/', 'services.ts', 'server.ts']), pathNot: pathOf(['handoff/cli/']) },
      to: { path: pathOf(['instrumentation/']), reachable: true },
    },
    {
      name: 'test-kit-stays-out',
      comment: 'The public test kit is for tests (and the demo, which shows what arrived); production code must not depend on it.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(testing/|testing\\.ts$|handoff/cli/)' },
      to: { path: '^src/testing/' },
    },
    {
      name: 'src-never-imports-outside',
      comment: 'Only src is built and published: users do not get files from elsewhere in the repository.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['local'], pathNot: '^src/' },
    },
    {
      name: 'not-to-dev-dependency',
      comment: 'Users do not get devDependencies: make it a dependency, an optional dependency or a peer.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional'], pathNot: 'node_modules/@types/' },
    },
    {
      name: 'not-to-undeclared',
      comment: 'It resolves here only because something else installs it: declare it in package.json.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'not-to-unresolvable',
      comment: 'No such file or package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
    combinedDependencies: true,
    skipAnalysisNotInRules: true,
  },
};
