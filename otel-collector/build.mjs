#!/usr/bin/env node
// Builds the collector of builder.yaml and prints only the path of its binary on stdout. A build is kept in a cache
// folder named after the manifest, so a second call is instant and a changed manifest never uses an old binary.
//
//   node otel-collector/build.mjs      needs Go 1.26 or newer, and the Go module proxy, for the first build
//
// HANDOFF_OTELCOL_CACHE_DIR   where builds are kept (default: $XDG_CACHE_HOME or ~/.cache, then handoff-otel)
// HANDOFF_OTELCOL_BUILD_JOBS  packages compiled at once (default: one per core, at low priority)
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { availableParallelism, constants, homedir, setPriority } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const OLDEST_GO = { major: 1, minor: 26 };
const manifestPath = join(import.meta.dirname, 'builder.yaml');

/** A failure whose message says everything a user needs; shown without a stack. */
class BuildError extends Error {}

/**
 * Returns the path of a collector binary built from builder.yaml; builds it if the cache has none.
 * @param {{ env?: NodeJS.ProcessEnv, progress?: (line: string) => void }} [options]
 * @returns {Promise<string>}
 */
export async function buildCollector({ env = process.env, progress = () => {} } = {}) {
  const manifest = readFileSync(manifestPath, 'utf8');
  const cacheDir = env.HANDOFF_OTELCOL_CACHE_DIR ?? join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'handoff-otel');
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n${manifest}`).digest('hex').slice(0, 16);
  const binary = join(cacheDir, `otelcol-${hash}`, 'otelcol-handoff');
  if (existsSync(binary)) return binary;

  requireGo(env);
  mkdirSync(cacheDir, { recursive: true });
  // Built aside and renamed: an interrupted build, or two at once, never leave half a binary under the final name.
  const workDir = mkdtempSync(join(cacheDir, 'building-'));
  try {
    progress(`building the collector with ${versionOf(manifest)} components; the first build takes some minutes`);
    await compile(manifest, workDir, env);
    publish(workDir, binary);
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
  return binary;
}

/** @param {NodeJS.ProcessEnv} env */
function requireGo(env) {
  const asked = spawnSync('go', ['env', 'GOVERSION'], { env, encoding: 'utf8' });
  const wanted = `Go ${OLDEST_GO.major}.${OLDEST_GO.minor} or newer is needed to build the collector`;
  if (asked.error !== undefined || asked.status !== 0) {
    throw new BuildError(`${wanted}, but no working \`go\` was found on the PATH: install it from https://go.dev/dl/ and run this again.`);
  }
  const [major = 0, minor = 0] = (/go(\d+)\.(\d+)/.exec(asked.stdout) ?? []).slice(1).map(Number);
  if (major < OLDEST_GO.major || (major === OLDEST_GO.major && minor < OLDEST_GO.minor)) {
    throw new BuildError(
      `${wanted}, but \`go\` on the PATH is ${asked.stdout.trim()}: install a newer one from https://go.dev/dl/ and run this again.`,
    );
  }
}

/** @param {string} manifest */
function versionOf(manifest) {
  const version = /^ {2}version: (\d+\.\d+\.\d+)$/m.exec(manifest)?.[1];
  if (version === undefined) throw new BuildError(`${manifestPath} has no line "  version: X.Y.Z" under dist: add it.`);
  return version;
}

/**
 * @param {string} manifest
 * @param {string} workDir
 * @param {NodeJS.ProcessEnv} env
 */
async function compile(manifest, workDir, env) {
  const jobs = Number(env.HANDOFF_OTELCOL_BUILD_JOBS) || availableParallelism();
  // Strict versioning is off by default: without it, a newer builder silently upgrades the core to its own version.
  const args = [
    'run',
    `go.opentelemetry.io/collector/cmd/builder@v${versionOf(manifest)}`,
    `--config=${manifestPath}`,
    '--skip-strict-versioning=false',
  ];
  const child = spawn('go', args, {
    cwd: workDir,
    env: { ...env, GOWORK: 'off', GOFLAGS: `${env.GOFLAGS ?? ''} -p=${jobs}`.trim() },
    // stdout is reserved for the path; the builder's progress goes to stderr, where users look.
    stdio: ['ignore', process.stderr, process.stderr],
  });
  if (child.pid !== undefined) setPriority(child.pid, constants.priority.PRIORITY_BELOW_NORMAL);
  const status = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (status !== 0) throw new BuildError(`the collector's build failed with status ${status}: see its output above.`);
}

/**
 * @param {string} workDir
 * @param {string} binary
 */
function publish(workDir, binary) {
  const built = join(workDir, '_build', 'otelcol-handoff');
  mkdirSync(join(binary, '..'), { recursive: true });
  renameSync(built, binary);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    const binary = await buildCollector({ progress: (line) => process.stderr.write(`${line}\n`) });
    process.stdout.write(`${binary}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof BuildError ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
    process.exitCode = 1;
  }
}
