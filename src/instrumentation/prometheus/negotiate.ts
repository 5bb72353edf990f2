/** What the endpoint can answer: Prometheus text 0.0.4 or OpenMetrics text 1.0.0. */
export type PromFormat = 'text' | 'openmetrics';

export const CONTENT_TYPES: Readonly<Record<PromFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
};

interface Choice {
  /** Type or coding, in lower case. */
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** How much it is preferred, from 0 (not at all) to 1. */
  readonly quality: number;
}

/**
 * Returns OpenMetrics if the client names it and prefers it to plain text, or wants both equally and names it first; otherwise
 * plain text, also for clients that send no preference or ask for an unsupported type: scrapers read it whatever they asked for.
 */
export function formatFor(accept: string | undefined): PromFormat {
  let best: { readonly format: PromFormat; readonly quality: number } = { format: 'text', quality: 0 };
  for (const choice of choices(accept)) {
    const format = formatOf(choice);
    if (format !== undefined && choice.quality > best.quality) best = { format, quality: choice.quality };
  }
  return best.format;
}

export function takesGzip(acceptEncoding: string | undefined): boolean {
  const all = choices(acceptEncoding);
  const named = all.find(({ name }) => name === 'gzip' || name === 'x-gzip') ?? all.find(({ name }) => name === '*');
  return (named?.quality ?? 0) > 0;
}

function formatOf({ name, parameters }: Choice): PromFormat | undefined {
  const version = parameters.get('version');
  if (name === 'application/openmetrics-text') return version === undefined || version === '1.0.0' ? 'openmetrics' : undefined;
  return name === 'text/plain' || name === 'text/*' || name === '*/*' ? 'text' : undefined;
}

function choices(header: string | undefined): readonly Choice[] {
  return (header ?? '').split(',').map((part) => {
    const [name = '', ...rest] = part.split(';').map((piece) => piece.trim().toLowerCase());
    const parameters = new Map(rest.map((piece) => pair(piece)));
    const quality = Number(parameters.get('q') ?? 1);
    return { name, parameters, quality: quality >= 0 && quality <= 1 ? quality : 0 };
  });
}

function pair(parameter: string): readonly [string, string] {
  const [key = '', value = ''] = parameter.split('=', 2).map((side) => side.trim());
  return [key, value.replace(/^"(.*)"$/, '$1')];
}
