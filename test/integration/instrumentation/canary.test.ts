import { describe, expect, it } from 'vitest';
import { COLLECTOR_KEY, COLLECTOR_PASSWORD, runCanary } from './canary/canaryProcess.js';
import type { CanaryRun } from './canary/canaryProcess.js';
import { leaks } from './canary/search.js';
import { secretOf } from './canary/secret.js';

type Given = Parameters<typeof runCanary>;

const CONFIG_FILE = (collector: string): string => `file_format: "1.0"
propagator: { composite: [{ tracecontext: null }, { baggage: null }] }
tracer_provider:
  processors: [{ batch: { exporter: { otlp_http: { endpoint: "${collector}/v1/traces", headers: [{ name: x-api-key, value: ${secretOf(COLLECTOR_KEY)} }] } } } }]
meter_provider:
  readers: [{ periodic: { exporter: { otlp_http: { endpoint: "${collector}/v1/metrics", headers: [{ name: x-api-key, value: ${secretOf(COLLECTOR_KEY)} }] } } } }]
logger_provider:
  processors: [{ batch: { exporter: { otlp_http: { endpoint: "${collector}/v1/logs", headers: [{ name: x-api-key, value: ${secretOf(COLLECTOR_KEY)} }] } } } }]
`;

const OURS: readonly (readonly [string, Given])[] = [
  ['our SDK, protobuf', ['own.ts']],
  ['our SDK, JSON, gzip', ['own.ts', { env: { OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json', OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip' } }]],
  ['our SDK under --import', ['own.ts', { flags: ['--import', new URL('../../../src/register.ts', import.meta.url).href] }]],
  ['our SDK on stdio', ['own.ts', { env: { CANARY_STDIO: 'true', HANDOFF_CONSOLE_TO_STDERR: 'true' } }]],
  ['our SDK in CommonJS', ['common.cjs']],
  ['our SDK, set up by OTEL_CONFIG_FILE', ['own.ts', { configFile: CONFIG_FILE }]],
];

/** Its own diagnostics, on stdout, are not ours. */
const JOINED: Given = ['joined.ts', { env: { OTEL_LOG_LEVEL: 'none' } }];

/** What conventions or people need: each shows, and this is the list of them. */
const KEPT = /^kept: /;
/** A notice repeats the value it cannot take, for whoever set it: on stderr and in `status()`, in no signal. */
const NOTICES = /^notice: .*: (?:stderr|status\(\)), plain$/;
/** Errors a host records on spans of its own, in an SDK that is not ours: nobody can take them off again there. */
const HOSTS_OWN = /^host span: /;

/** The place of each leak, without where it was found. */
function placesOf(found: readonly string[]): readonly string[] {
  return [...new Set(found.map((each) => each.slice(0, each.lastIndexOf(': '))))].sort();
}

function find({ exhibits, canaries }: CanaryRun): readonly string[] {
  const collector = [COLLECTOR_KEY, COLLECTOR_PASSWORD].map((place) => ({ place, secret: secretOf(place) }));
  return leaks(exhibits, [...canaries, ...collector]);
}

/** Each was really put where it says, no two are the same, and all kinds of places were reached; and what the host did really left. */
function expectProof({ canaries, requests }: CanaryRun): void {
  expect(canaries.filter(({ isIn }) => !isIn)).toEqual([]);
  expect(new Set(canaries.map(({ secret }) => secret)).size).toBe(canaries.length);
  expect(canaries.length).toBeGreaterThan(200);
  const sent = requests.map(({ path, body }) => `${path} ${body.toString('latin1')}`).join('\n');
  const marks = [
    '/v1/traces',
    '/v1/metrics',
    '/v1/logs',
    'canary parent',
    'db.client.operation.duration',
    'SELECT',
    'EVAL',
    'tools/call',
    'mcp.server.operation.duration',
    'a line',
    'it failed',
  ];
  expect(marks.filter((mark) => !sent.includes(mark))).toEqual([]);
}

describe.each(OURS)('secrets in every place a user can reach, %s', (_what, given) => {
  it('stay in', { timeout: 120_000 }, async () => {
    const run = await runCanary(...given);
    expect({ code: run.code, stdout: run.stdout }, run.stderr.slice(-4000)).toEqual({ code: 0, stdout: '' });
    expectProof(run);
    // What only the collector may know went there with every request.
    expect(run.requests.every(({ headers }) => headers.includes(secretOf(COLLECTOR_KEY)))).toBe(true);
    const found = find(run).filter((each) => !NOTICES.test(each));
    expect(found.filter((each) => !KEPT.test(each))).toEqual([]);
    expect(placesOf(found)).toEqual(
      run.canaries
        .map(({ place }) => place)
        .filter((place) => KEPT.test(place))
        .sort(),
    );
  });
});

describe('secrets in every place a user can reach, somebody else’s SDK', () => {
  it('stay in, as far as they came through us', { timeout: 120_000 }, async () => {
    const run = await runCanary(...JOINED);
    expect({ code: run.code, stdout: run.stdout }, run.stderr.slice(-4000)).toEqual({ code: 0, stdout: '' });
    expectProof(run);
    const found = find(run).filter((each) => !NOTICES.test(each));
    expect(found.filter((each) => !KEPT.test(each) && !HOSTS_OWN.test(each))).toEqual([]);
  });
});

describe('what a fatal error says', () => {
  it.each(['exception', 'rejection'])('is printed by Node and in no record: %s', async (kind) => {
    const run = await runCanary('fatal.ts', { env: { CANARY_FATAL: kind } });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain(secretOf('fatal error'));
    expect(run.canaries).toHaveLength(1);
    expect(run.requests.map(({ body }) => body.toString('latin1')).join('\n')).toContain('canary parent');
    expect(find({ ...run, exhibits: run.exhibits.filter(({ where }) => where !== 'stderr') })).toEqual([]);
  });
});

describe('the search', () => {
  it('finds what a host tells by itself, in every disguise and signal', async () => {
    const run = await runCanary('leaky.ts');
    expect(run.code, run.stderr).toBe(0);
    expect(run.canaries.length).toBeGreaterThan(30);
    expect(placesOf(find(run))).toEqual(run.canaries.map(({ place }) => place).sort());
  });
});
