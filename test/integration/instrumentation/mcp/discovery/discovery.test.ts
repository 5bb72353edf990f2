import { describe, expect, it } from 'vitest';
import { runProcess } from '../../instrumentedProcess.js';
import { SDK_BUILDS, loadingCode, observerCode, usingCode } from './sdkBuilds.js';
import type { SdkBuild } from './sdkBuilds.js';

const START = './test/integration/instrumentation/mcp/discovery/fixtures/preload.mjs';
const PRELOAD = ['--import', START];

const never = (): boolean => false;
const always = (): boolean => true;

/** The program of a case, and whether its SDK is loaded, or at least linked, when discovery begins. */
const CASES = [
  {
    title: '--import, SDK imported first thing',
    flags: PRELOAD,
    isBefore: never,
    program: (build: SdkBuild) => [observerCode(build), loadingCode(build, 'hoisted')],
  },
  {
    title: '--import, SDK loaded while running',
    flags: PRELOAD,
    isBefore: never,
    program: (build: SdkBuild) => [observerCode(build), loadingCode(build, 'later')],
  },
  {
    title: 'called in code, SDK loaded before',
    flags: [],
    isBefore: always,
    program: (build: SdkBuild) => [loadingCode(build, 'hoisted'), observerCode(build), 'observe();'],
  },
  // Node links ES modules before it runs the first; CommonJS it loads one after the other.
  {
    title: 'called in code imported before the SDK',
    flags: [],
    isBefore: ({ format }: SdkBuild) => format === 'module',
    program: (build: SdkBuild) => [startCode(build), observerCode(build), loadingCode(build, 'hoisted')],
  },
  {
    title: 'called in code, SDK loaded after',
    flags: [],
    isBefore: never,
    program: (build: SdkBuild) => [observerCode(build), 'observe();', loadingCode(build, 'later')],
  },
] as const;

function startCode({ format }: SdkBuild): string {
  return format === 'module' ? `import '${START}';` : `require('${START}');`;
}

const MATRIX = SDK_BUILDS.flatMap((build) => CASES.map((case_) => [build.title, case_.title, build, case_] as const));

describe('discovery in a process of its own', () => {
  it.each(MATRIX)('%s: %s', async (_build, _case, build, { flags, isBefore, program }) => {
    const code = [...program(build), usingCode(build)].join('\n');
    const { code: exitCode, stdout, stderr } = await runProcess({ code, format: build.format, flags });
    expect({ exitCode, stderr }, stderr).toEqual({ exitCode: 0, stderr: '' });
    const { counts, reports, copies, answer } = JSON.parse(stdout);

    expect({ answer, reports }).toEqual({ answer: 'world', reports: [] });
    // Server and client have connected through an adopted class; the transport class belongs to no connection here.
    const wasBefore = isBefore(build);
    const isReplaced = build.hasFactory && !wasBefore;
    expect(counts).toMatchObject({
      protocol: build.protocols,
      client: 1,
      mcpServer: 1,
      stdio: 1,
      connects: 2,
      factory: build.hasFactory ? 1 : 0,
      factoryCalls: isReplaced ? 1 : 0,
    });
    expect(copies).toHaveLength(build.protocols);
    for (const { format, foundBy, version } of copies) {
      expect({ format, foundBy }).toEqual({
        format: build.format === 'module' ? 'esm' : 'cjs',
        foundBy: wasBefore ? 'loaded' : 'load hook',
      });
      expect(version).toMatch(build.hasFactory ? /^2\./ : /^1\./);
    }
  });
});
