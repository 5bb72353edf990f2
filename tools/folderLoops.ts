/** One import between two files; paths with `/`, from the root of the project. */
export interface Import {
  readonly from: string;
  readonly to: string;
}

/** One step of a loop: something below `from` imports something below `to`. Both are in the same folder. */
export interface Step {
  readonly from: string;
  readonly to: string;
  readonly example: Import;
}

/** Each step begins where the previous one ended, and the first where the last one ended. */
export type FolderLoop = readonly Step[];

type Arrows = Map<string, Map<string, Import>>;

/**
 * Finds loops between the children of a folder, at every depth.
 *
 * The children of a folder are its files and its subfolders. An import between files below two different children is an arrow
 * between those children, and the arrows must not lead back to where they began: otherwise the folder has no order in which it can
 * be read, and none of the children in the loop can be understood, tested or moved without the others.
 *
 * This is stricter than a rule against cycles of files, since two folders that import each other need no such cycle. The folder
 * scope of dependency-cruiser does not do it: it compares each folder with the very folder that a file is in, so it does not treat
 * a file and a folder beside it as a pair, and takes a folder and its own subfolder for a loop.
 *
 * Loops of files alone are left out: the rule `no-circular` reports those.
 *
 * @returns one loop, a shortest one, for each group of children that reach each other, in the order of their names
 */
export function folderLoops(imports: readonly Import[]): readonly FolderLoop[] {
  return [...arrowsByFolder(imports)]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([, arrows]) => loopsAmong(arrows).filter(hasFolder));
}

/** Describes the loop: the children, and below each arrow one import that causes it. */
export function describeLoop(loop: FolderLoop): string {
  const names = [...loop.map(({ from }) => from), loop[0]?.from].join(' → ');
  const examples = loop.map(({ example: { from, to } }) => `      ${from} → ${to}\n`).join('');
  return `  error no-folder-loops: ${names}\n${examples}`;
}

function arrowsByFolder(imports: readonly Import[]): Map<string, Arrows> {
  const folders = new Map<string, Arrows>();
  for (const example of imports) {
    const [from, to] = [example.from.split('/'), example.to.split('/')];
    const depth = from.findIndex((name, index) => name !== to[index]);
    if (depth === -1) continue;
    const arrows = entry(folders, from.slice(0, depth).join('/'), () => new Map<string, Map<string, Import>>());
    const targets = entry(arrows, from.slice(0, depth + 1).join('/'), () => new Map<string, Import>());
    entry(targets, to.slice(0, depth + 1).join('/'), () => example);
  }
  return folders;
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

/** A child in a loop that is already shown does not start another one: breaking one loop of a group often breaks the others. */
function loopsAmong(arrows: Arrows): FolderLoop[] {
  const loops: FolderLoop[] = [];
  const shown = new Set<string>();
  for (const start of [...arrows.keys()].sort()) {
    if (shown.has(start)) continue;
    const loop = wayBack(arrows, start);
    if (loop === undefined) continue;
    loops.push(loop);
    for (const { from } of loop) shown.add(from);
  }
  return loops;
}

function hasFolder(loop: FolderLoop): boolean {
  return loop.some(({ from, example }) => from !== example.from);
}

/** Returns a shortest path from `start` back to it. */
function wayBack(arrows: Arrows, start: string): FolderLoop | undefined {
  const seen = new Set<string>();
  let ways: Step[][] = [[]];
  while (ways.length > 0) {
    const longer: Step[][] = [];
    for (const way of ways) {
      const from = way.at(-1)?.to ?? start;
      for (const [to, example] of arrows.get(from) ?? []) {
        const further = [...way, { from, to, example }];
        if (to === start) return further;
        if (seen.has(to)) continue;
        seen.add(to);
        longer.push(further);
      }
    }
    ways = longer;
  }
  return undefined;
}
