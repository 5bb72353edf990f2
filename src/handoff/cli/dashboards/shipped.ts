import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the package that `handoff-otel dashboards` writes. */
export interface ShippedFile {
  /** Where it goes, relative to the folder that the user names, with `/` between folders. */
  readonly path: string;
  readonly text: string;
}

/** Which servers the boards are for: `any` that is instrumented, or only those that serve handoffs. */
export type Only = 'any' | 'handoff';

/** Boards that only a handoff server has data for. A test compares them with dashboards/src/boardList.ts. */
export const handoffBoards: readonly string[] = ['handoff-business', 'handoff-history', 'handoff-lifecycle', 'handoff-monitoring'];

/** Folders of the package, and what they are called where they are written. */
const FOLDERS = [
  { from: 'generated', to: 'boards' },
  { from: 'alerts', to: 'alerts' },
  { from: 'runbooks', to: 'runbooks' },
  { from: 'provisioning', to: 'provisioning' },
] as const;
/** Tests of the rules are for this repository. */
const NOT_FOR_USERS = /^alerts\/tests\//;

/**
 * Returns the files to write, sorted by path.
 *
 * @param root folder `dashboards` of the package.
 * @param only `any` leaves out the boards of handoff servers, `handoff` everything but these; all by default.
 */
export function shippedFiles(root: string, only?: Only): ShippedFile[] {
  const files = FOLDERS.flatMap(({ from, to }) =>
    filesIn(join(root, from)).map((name) => ({ path: `${to}/${name}`, text: readFileSync(join(root, from, name), 'utf8') })),
  );
  return files.filter(({ path }) => !NOT_FOR_USERS.test(path) && isFor(path, only)).sort((a, b) => (a.path < b.path ? -1 : 1));
}

function isFor(path: string, only: Only | undefined): boolean {
  if (only === undefined) return true;
  const isHandoffs = handoffBoards.some((uid) => path === `boards/${uid}.json`);
  return only === 'handoff' ? isHandoffs : !isHandoffs;
}

/** Where the rules say that Grafana is. A test compares it with dashboards/src/rules/options.ts. */
export const composeGrafana = 'http://127.0.0.1:3001';

/** Returns the files with the links of alerts leading to the Grafana at `url`, which has no slash at its end. */
export function linkedTo(url: string, files: readonly ShippedFile[]): ShippedFile[] {
  return files.map(({ path, text }) => ({
    path,
    text: path.startsWith('alerts/rules/') ? text.replaceAll(`${composeGrafana}/d/`, () => `${url}/d/`) : text,
  }));
}

/** Files at any depth; none where there is no such folder. */
function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(folder.length + 1)
          .replaceAll('\\', '/'),
      );
  } catch {
    return [];
  }
}
