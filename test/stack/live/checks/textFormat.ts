/** One line of Prometheus's text format. */
interface Line {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** The samples of a page of `/metrics`, without exemplars and time stamps. Values of labels must not hold `"`. */
export function samplesOf(page: string): Line[] {
  return page
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const parts = /^([\w:]+)(?:\{(.*?)\})? (\S+)/.exec(line);
      if (parts === null) throw new Error(`This line of /metrics cannot be read: ${line}`);
      const [, name = '', labels = '', value = ''] = parts;
      const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text] as const);
      return { name, labels: Object.fromEntries(pairs), value: Number(value) };
    });
}
