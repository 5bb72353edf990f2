/** One line with a value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly exemplar?: { readonly labels: Readonly<Record<string, string>>; readonly value: number; readonly timeS: number };
}

export interface ParsedFamily {
  readonly name: string;
  readonly type: string;
  readonly unit?: string;
  readonly help?: string;
  readonly samples: readonly Sample[];
}

const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  info: ['_info'],
  unknown: [''],
};
const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABELS = '\\{(?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\[\\\\n"])*",?)*\\}';
const NUMBER = '(?:NaN|[+-]Inf|[+-]?[0-9.]+(?:e[+-]?[0-9]+)?)';
const SAMPLE = new RegExp(`^(${NAME})(${LABELS})? (${NUMBER})(?: # (${LABELS}) (${NUMBER})(?: ([0-9.]+))?)?$`);
const METADATA = new RegExp(`^# (TYPE|UNIT|HELP) (${NAME}) (.*)$`);

interface Building {
  name: string;
  type: string;
  unit?: string;
  help?: string;
  samples: Sample[];
}

/** Reads OpenMetrics text 1.0.0 and throws at the first thing its specification forbids. */
export function parseOpenMetrics(text: string): ParsedFamily[] {
  const lines = text.split('\n');
  ensure(lines.pop() === '' && lines.pop() === '# EOF', 'must end with "# EOF" and a line feed');
  const families = new Map<string, Building>();
  let current: Building | undefined;
  for (const line of lines) {
    const metadata = METADATA.exec(line);
    if (metadata !== null) {
      current = describe(families, current, metadata);
      continue;
    }
    const sample = readSample(line);
    ensure(current !== undefined, `sample before any metadata: ${line}`);
    ensure(
      (SUFFIXES[current.type] ?? []).some((suffix) => sample.name === current?.name + suffix),
      `${sample.name} is no sample of the ${current.type} ${current.name}`,
    );
    current.samples.push(sample);
  }
  for (const family of families.values()) check(family, families);
  return [...families.values()] as ParsedFamily[];
}

function describe(
  families: Map<string, Building>,
  current: Building | undefined,
  [, keyword, name = '', text = '']: RegExpExecArray,
): Building {
  let family = current;
  if (family?.name !== name) {
    ensure(!families.has(name), `family ${name} is in two places`);
    family = { name, type: 'unknown', samples: [] };
    families.set(name, family);
  }
  ensure(family.samples.length === 0, `metadata of ${name} after its samples`);
  if (keyword === 'TYPE') {
    ensure(text in SUFFIXES, `type ${text} of ${name}`);
    family.type = text;
  } else if (keyword === 'UNIT') {
    ensure(family.unit === undefined && name.endsWith(`_${text}`), `unit ${text} of ${name}`);
    family.unit = text;
  } else {
    ensure(family.help === undefined, `second HELP of ${name}`);
    family.help = text;
  }
  return family;
}

function readSample(line: string): Sample {
  const match = SAMPLE.exec(line);
  ensure(match !== null, `not a sample: ${line}`);
  const [, name = '', labels = '', value = '', exemplarLabels, exemplarValue = '', time = ''] = match;
  if (exemplarLabels === undefined) return { name, labels: readLabels(labels), value: toNumber(value) };
  const exemplar = { labels: readLabels(exemplarLabels), value: toNumber(exemplarValue), timeS: Number(time) };
  const characters = Object.entries(exemplar.labels).reduce((sum, [key, one]) => sum + key.length + one.length, 0);
  ensure(characters <= 128, `exemplar labels of ${characters} characters`);
  return { name, labels: readLabels(labels), value: toNumber(value), exemplar };
}

function readLabels(text: string): Record<string, string> {
  // Without a prototype: `constructor` and `__proto__` are label names like any other.
  const labels = Object.create(null) as Record<string, string>;
  for (const [, name = '', value = ''] of text.matchAll(/([a-zA-Z0-9_]+)="((?:[^"\\]|\\.)*)"/g)) {
    ensure(!(name in labels), `label ${name} twice in ${text}`);
    labels[name] = value.replaceAll('\\n', '\n').replace(/\\(["\\])/g, '$1');
  }
  return labels;
}

function check(family: Building, families: ReadonlyMap<string, Building>): void {
  const { name, type, samples } = family;
  for (const suffix of SUFFIXES[type] ?? [])
    ensure(suffix === '' || !families.has(name + suffix), `${name}${suffix} is a family and a sample of ${name}`);
  const keys = samples.map((sample) => JSON.stringify([sample.name, Object.entries(sample.labels).toSorted()]));
  ensure(new Set(keys).size === keys.length, `a series of ${name} appears twice`);
  for (const { exemplar, name: sample } of samples)
    ensure(exemplar === undefined || sample.endsWith('_bucket') || type === 'counter', `exemplar at ${sample}`);
  if (type === 'counter')
    ensure(
      samples.every(({ value }) => value >= 0),
      `${name} is negative`,
    );
  if (type === 'histogram') checkHistogram(family);
}

function checkHistogram({ name, samples }: Building): void {
  const groups = Map.groupBy(samples, ({ labels: { le, ...labels } }) => JSON.stringify(Object.entries(labels).toSorted()));
  for (const group of groups.values()) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    let lower = -Infinity;
    let total = 0;
    for (const { labels, value, exemplar } of buckets) {
      const bound = toNumber(labels['le'] ?? '');
      ensure(/^(\+Inf|.*[.e].*)$/.test(labels['le'] ?? ''), `bound ${labels['le']} of ${name} is not canonical`);
      ensure(bound > lower && value >= total, `buckets of ${name} do not rise`);
      ensure(exemplar === undefined || (exemplar.value > lower && exemplar.value <= bound), `exemplar of ${name} in the wrong bucket`);
      lower = bound;
      total = value;
    }
    ensure(lower === Infinity, `${name} has no +Inf bucket`);
    const count = group.find((sample) => sample.name === `${name}_count`)?.value;
    ensure(count === undefined || count === total, `${name}_count is not the +Inf bucket`);
    const sum = group.find((sample) => sample.name === `${name}_sum`)?.value;
    ensure(sum === undefined || sum >= 0, `${name}_sum is negative`);
    ensure(sum === undefined || !(toNumber(buckets[0]?.labels['le'] ?? '') < 0), `${name} has negative bounds and a sum`);
    ensure((count === undefined) === group.every((sample) => sample.name !== `${name}_sum`), `${name} has a sum or a count alone`);
  }
}

function toNumber(text: string): number {
  return text.endsWith('Inf') ? Number(text.replace('Inf', 'Infinity')) : Number(text);
}

function ensure(holds: boolean, complaint: string): asserts holds {
  if (!holds) throw new Error(`OpenMetrics: ${complaint}`);
}
