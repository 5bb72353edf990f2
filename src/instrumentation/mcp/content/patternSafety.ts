/** More turns than this of a group that can match the same text in two ways take longer than anyone waits: each turn may double the work. */
const MAX_TURNS_OF_VARYING = 16;

interface Group {
  /** Holds `*`, `+` or `{n,}`. */
  readonly endless: boolean;
  /** Holds something else of which there is more than one way to match: `|`, `?`, `{n,m}`. */
  readonly varies: boolean;
}

const PLAIN: Group = { endless: false, varies: false };

/** A construct that matters here. What stands in a class or after a backslash means nothing, so it is matched to be skipped. */
const CONSTRUCT = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|\(\?|[()|?*+]|\{\d+(?:,\d*)?\}/g;
const QUANTIFIER = /([*+?])|\{(\d+)(?:(,)(\d*))?\}/y;

/**
 * Whether a pattern may take exponential time: it repeats a group that itself repeats without end (`(a+)+`), or repeats
 * often one that varies (`(a|a)*`, `(a?a)*`). Says yes to some that are harmless; those can be written otherwise (`[ab]+`).
 */
export function mayRunAway(source: string): boolean {
  const outer: Group[] = [];
  let group = PLAIN;
  for (const { 0: construct, index } of source.matchAll(CONSTRUCT)) {
    if (construct.startsWith('(')) {
      outer.push(group);
      group = PLAIN;
    } else if (construct === '|') {
      group = { ...group, varies: true };
    } else if (construct === ')') {
      const { most } = turnsAt(source, index + 1);
      if (most > 1 && group.endless) return true;
      if (most > MAX_TURNS_OF_VARYING && group.varies) return true;
      const around = outer.pop() ?? PLAIN;
      group = { endless: around.endless || group.endless, varies: around.varies || group.varies };
    } else {
      const { least, most } = turnsAt(source, index);
      group = { endless: group.endless || most === Infinity, varies: group.varies || least !== most };
    }
  }
  return false;
}

/** How often what stands before `at` may be repeated. */
function turnsAt(source: string, at: number): { readonly least: number; readonly most: number } {
  QUANTIFIER.lastIndex = at;
  const [, sign, least, comma, most] = QUANTIFIER.exec(source) ?? [];
  if (sign === '?') return { least: 0, most: 1 };
  if (sign !== undefined) return { least: 0, most: Infinity };
  if (least === undefined) return { least: 1, most: 1 };
  if (comma === undefined) return { least: Number(least), most: Number(least) };
  return { least: Number(least), most: most === undefined || most === '' ? Infinity : Number(most) };
}
