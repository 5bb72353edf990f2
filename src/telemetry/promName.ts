/** The kind of an instrument, as far as it affects the Prometheus name. */
export type PromKind = 'counter' | 'upDownCounter' | 'gauge' | 'histogram';

/**
 * Returns the name an instrument has in Prometheus, whichever way it gets there: our pull endpoint, the collector or
 * Prometheus' own OTLP endpoint. Dashboards, rules and docs take their names from here, so that they all agree.
 *
 * The rules are those of Prometheus' OTLP translation (otlptranslator 1.x, suffixes on). A histogram's series add
 * `_bucket`, `_sum` and `_count` to it. The JavaScript exporter implements none of these rules, hence our own copy.
 *
 * @param name OpenTelemetry name, for instance `mcp.server.operation.duration`.
 * @param unit UCUM unit of the instrument, for instance `s`, `By`, `{request}`, `By/s`; empty when it has none.
 */
export function promName(name: string, unit: string, kind: PromKind): string {
  let tokens = name.split(/[^A-Za-z0-9:]+/).filter((token) => token !== '');
  tokens = withUnit(tokens, unit);
  if (kind === 'counter') tokens = movedToEnd(tokens, 'total');
  if (kind === 'gauge' && unit === '1') tokens = movedToEnd(tokens, 'ratio');
  const joined = tokens.join('_');
  return /^\d/.test(joined) ? `_${joined}` : joined;
}

/** The unit as Prometheus spells it (`seconds`, `bytes_per_second`); empty for dimensionless and annotated units. */
export function promUnit(unit: string): string {
  const { main, per } = unitParts(unit);
  return [main, per]
    .filter((part) => part !== '')
    .join('_')
    .replace(/_$/, '');
}

/** A name that already has the unit keeps it in place; the `per` unit is added all the same, as in otlptranslator. */
function withUnit(tokens: readonly string[], unit: string): string[] {
  const { main, per } = unitParts(unit);
  const perWhat = per === 'per_' ? '' : per.replace(/_$/, '');
  const what = tokens.includes(main) ? '' : main;
  return [...tokens, perWhat === '' ? what : what.replace(/_$/, ''), perWhat].filter((part) => part !== '');
}

function unitParts(unit: string): { readonly main: string; readonly per: string } {
  const slash = unit.indexOf('/');
  const main = spelled(slash === -1 ? unit : unit.slice(0, slash), UNITS);
  const per = slash === -1 ? '' : spelled(unit.slice(slash + 1), PER_UNITS);
  return { main: cleaned(main), per: per === '' ? '' : cleaned(`per_${per}`) };
}

/** Annotations in braces count things and are left out; a unit that the table lacks is kept unchanged. */
function spelled(unit: string, table: ReadonlyMap<string, string>): string {
  const trimmed = unit.trim();
  return /[{}]/.test(trimmed) ? '' : (table.get(trimmed) ?? trimmed);
}

function cleaned(unit: string): string {
  return unit.replace(/[^A-Za-z0-9:]+/g, '_').replace(/^_/, '');
}

function movedToEnd(tokens: readonly string[], suffix: string): string[] {
  return [...tokens.filter((token) => token !== suffix), suffix];
}

const UNITS: ReadonlyMap<string, string> = new Map([
  ['d', 'days'],
  ['h', 'hours'],
  ['min', 'minutes'],
  ['s', 'seconds'],
  ['ms', 'milliseconds'],
  ['us', 'microseconds'],
  ['ns', 'nanoseconds'],
  ['By', 'bytes'],
  ['KiBy', 'kibibytes'],
  ['MiBy', 'mebibytes'],
  ['GiBy', 'gibibytes'],
  ['TiBy', 'tibibytes'],
  ['KBy', 'kilobytes'],
  ['MBy', 'megabytes'],
  ['GBy', 'gigabytes'],
  ['TBy', 'terabytes'],
  ['m', 'meters'],
  ['V', 'volts'],
  ['A', 'amperes'],
  ['J', 'joules'],
  ['W', 'watts'],
  ['g', 'grams'],
  ['Cel', 'celsius'],
  ['Hz', 'hertz'],
  ['1', ''],
  ['%', 'percent'],
]);

const PER_UNITS: ReadonlyMap<string, string> = new Map([
  ['s', 'second'],
  ['m', 'minute'],
  ['h', 'hour'],
  ['d', 'day'],
  ['w', 'week'],
  ['mo', 'month'],
  ['y', 'year'],
]);
