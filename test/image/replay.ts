import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Instruction, Stage } from './dockerfile.js';

export interface Replay {
  /** What HEALTHCHECK runs. */
  readonly healthCheck: readonly string[];
  /** The folder that stands for the last stage's working folder. */
  readonly folder: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

interface StageState {
  readonly root: string;
  folder: string;
  command: readonly string[];
  healthCheck: readonly string[];
  readonly env: Record<string, string>;
}

/**
 * Does what a build of the image would do, with folders in the place of file systems. Only what a COPY brings is there for a
 * RUN, as in the image; the Node on the PATH stands for that of the base image.
 */
export function replay(
  stages: readonly Stage[],
  context: string,
  work: string,
  env: NodeJS.ProcessEnv,
  progress: (line: string) => void,
): Replay {
  const done = new Map<string, StageState>();
  let last: StageState | undefined;
  for (const [index, stage] of stages.entries()) {
    const root = join(work, String(index));
    const state: StageState = { root, folder: root, command: [], healthCheck: [], env: {} };
    mkdirSync(root, { recursive: true });
    for (const step of stage.steps) {
      const startedMs = performance.now();
      apply(step, state, { context, done, env });
      progress(`  ${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${step.name} ${step.rest.slice(0, 90)}`);
    }
    done.set(stage.name ?? String(index), state);
    last = state;
  }
  if (last === undefined) throw new Error('The Dockerfile has no stage.');
  return { folder: last.folder, command: last.command, healthCheck: last.healthCheck, env: last.env };
}

interface Surroundings {
  readonly context: string;
  readonly done: ReadonlyMap<string, StageState>;
  readonly env: NodeJS.ProcessEnv;
}

function apply({ name, rest }: Instruction, state: StageState, surroundings: Surroundings): void {
  switch (name) {
    case 'WORKDIR':
      state.folder = join(state.root, rest);
      mkdirSync(state.folder, { recursive: true });
      return;
    case 'COPY':
      copy(rest.split(/\s+/), state, surroundings);
      return;
    case 'RUN':
      execFileSync('sh', ['-e', '-c', rest], {
        cwd: state.folder,
        env: { ...surroundings.env, ...state.env },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      return;
    case 'ENV': {
      const at = rest.indexOf('=');
      state.env[rest.slice(0, at)] = rest.slice(at + 1);
      return;
    }
    case 'CMD':
      state.command = JSON.parse(rest) as string[];
      return;
    case 'HEALTHCHECK':
      state.healthCheck = JSON.parse(rest.slice(rest.indexOf('['))) as string[];
      return;
    case 'USER':
    case 'EXPOSE':
    case 'STOPSIGNAL':
      return;
    default:
      throw new Error(`The Dockerfile uses ${name}, which the replay does not know: teach it, or do without.`);
  }
}

function copy(words: readonly string[], state: StageState, { context, done }: Surroundings): void {
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((word) => !word.startsWith('--'));
  const target = paths.at(-1) ?? '.';
  const source = from === undefined ? context : done.get(from)?.root;
  if (source === undefined) throw new Error(`COPY --from=${from}: there is no such stage.`);
  for (const path of paths.slice(0, -1)) {
    if (!existsSync(join(source, path))) throw new Error(`COPY ${path}: there is no such file or folder.`);
    const into = target.endsWith('/') || target === '.' ? join(target, basename(path)) : target;
    cpSync(join(source, path), join(state.folder, into), { recursive: true, verbatimSymlinks: true });
  }
}
