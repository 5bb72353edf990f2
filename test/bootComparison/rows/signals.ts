import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { graded, notApplicable, yesOrNo } from '../../comparison/row.js';
import { freePort } from '../../setup/freePort.js';
import { ask } from '../lab/http.js';
import type { Answer } from '../lab/http.js';
import type { Lab } from '../lab/lab.js';
import type { Seen } from '../lab/run.js';
import { BASIC } from '../lab/work.js';
import type { Row } from '../row.js';

interface Scraped extends Seen {
  readonly plain: Answer | undefined;
  readonly openMetrics: Answer | undefined;
}

const scrapes = new WeakMap<Lab, Promise<Scraped>>();

/** One run with the pull endpoint on, asked in both formats while it lives. */
function scraped(lab: Lab): Promise<Scraped> {
  const started = scrapes.get(lab) ?? scrape(lab);
  scrapes.set(lab, started);
  return started;
}

async function scrape(lab: Lab): Promise<Scraped> {
  const prometheusPort = await freePort();
  const url = `http://127.0.0.1:${prometheusPort}/metrics`;
  let plain: Answer | undefined;
  let openMetrics: Answer | undefined;
  const seen = await lab.run({
    work: BASIC.replace("report('done', '');", "report('scrape', ''); await pause(1200); report('done', '');"),
    prometheusPort,
    env: lab.bootstrap.prometheusEnv({ collector: '', prometheusPort }),
    until: 'done',
    onReport: async (kind) => {
      if (kind !== 'scrape') return;
      plain = await ask(url, 'text/plain');
      openMetrics = await ask(url, 'application/openmetrics-text; version=1.0.0');
    },
  });
  return { ...seen, plain, openMetrics };
}

const isScrape = (answer: Answer | undefined): answer is Answer => answer?.status === 200 && answer.text.includes('# TYPE');

export const signalRows: readonly Row[] = [
  {
    title: 'traces, metrics and logs leave',
    rule: 'The documented preload, the address of the collector and the settings in the table of set-ups. Y: spans, metrics and log records arrive. P: some of the three. -: none.',
    test: 'test/integration/instrumentation/pipeline/otlp.test.ts',
    run: async (lab) => {
      // The long run: some packages first measure after a second.
      const { spans, points, logs } = await lab.rich();
      return graded({ traces: spans.length > 0, metrics: points.length > 0, logs: logs.length > 0 });
    },
  },
  {
    title: 'Prometheus endpoint beside OTLP',
    rule: 'Set up for both by settings, without constructing an exporter in code. Y: the endpoint answers and metrics arrive by OTLP. P: one of the two. -: neither.',
    test: 'test/integration/instrumentation/prometheus/prometheus.test.ts',
    run: async (lab) => {
      const { plain, points } = await scraped(lab);
      if (!isScrape(plain)) return { cell: '-', observed: 'no endpoint' };
      return graded({ endpoint: true, OTLP: points.length > 0 });
    },
  },
  {
    title: 'OpenMetrics',
    rule: 'The same endpoint, asked with `Accept: application/openmetrics-text`. Y: it answers in that format, to its `# EOF`. -: in another. n.a.: no endpoint.',
    test: 'test/unit/instrumentation/prometheus/negotiate.test.ts',
    run: async (lab) => {
      const { plain, openMetrics } = await scraped(lab);
      if (!isScrape(plain)) return notApplicable('no endpoint');
      const holds = openMetrics?.type.startsWith('application/openmetrics-text') === true && openMetrics.text.trimEnd().endsWith('# EOF');
      return yesOrNo(holds, openMetrics?.type.split(';')[0] ?? 'no answer');
    },
  },
  {
    title: 'taken port',
    rule: 'The port of that endpoint is taken. Y: the program goes on, its spans arrive, and stderr or stdout says so. P: it goes on silently. -: it does not. n.a.: no endpoint.',
    test: 'test/integration/instrumentation/prometheus/prometheus.test.ts',
    run: async (lab) => {
      if (!isScrape((await scraped(lab)).plain)) return notApplicable('no endpoint');
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
      const { port } = taken.address() as AddressInfo;
      const seen = await lab.run({
        work: BASIC,
        prometheusPort: port,
        env: lab.bootstrap.prometheusEnv({ collector: '', prometheusPort: port }),
        until: 'done',
      });
      await new Promise((resolve) => taken.close(resolve));
      if (seen.reports['done'] === undefined || seen.spans.length === 0) return { cell: '-', observed: 'the program did not go on' };
      const said = new RegExp(`EADDRINUSE|taken|in use|:${port}`).test(seen.stderr + seen.stdout);
      return said ? { cell: 'Y', observed: 'goes on and says so' } : { cell: 'P', observed: 'goes on, silently' };
    },
  },
  {
    title: '`OTEL_CONFIG_FILE`',
    rule: 'A file of OpenTelemetry’s declarative configuration (`file_format` 1.0, if that is not taken 1.0-rc.1) names another collector and a resource attribute. Y: spans arrive there, with the attribute, and a SQL literal is still hidden if it is without the file. P: they arrive, with one of the two. -: they do not arrive. n.a.: it knows no variables of OpenTelemetry.',
    test: 'test/unit/instrumentation/settings/configFile.test.ts',
    run: async (lab) => {
      if (lab.bootstrap.readsOtelVariables === false) return notApplicable('knows no variables of OpenTelemetry');
      const usual = (await lab.rich()).spans;
      for (const format of ['1.0', '1.0-rc.1']) {
        const { startCollector } = await import('../lab/collector.js');
        const named = await startCollector();
        const file = lab.write(configFile(format, named.url), 'yaml');
        await lab.run({
          work: BASIC.replace("'SELECT 2'", `"SELECT 'qzliteralqz'"`),
          env: { OTEL_CONFIG_FILE: file, OTEL_EXPERIMENTAL_CONFIG_FILE: file },
          until: 'done',
        });
        const { spans } = named.collected();
        await named.close();
        const parent = spans.find(({ name }) => name === 'parent');
        if (parent === undefined) continue;
        const shows = (all: Seen['spans']): boolean =>
          all.some(({ attributes }) =>
            Object.values(attributes).some((value) => typeof value === 'string' && value.includes('qzliteralqz')),
          );
        return graded({
          'resource attribute': parent.resource.attributes['boot.from'] === 'file',
          'guards as without it': shows(usual) || !shows(spans),
        });
      }
      return { cell: '-', observed: 'not read' };
    },
  },
];

function configFile(format: string, url: string): string {
  const exporter = (signal: string): string => `otlp_http:\n            endpoint: ${url}/v1/${signal}`;
  return `file_format: "${format}"
resource:
  attributes:
    - name: boot.from
      value: file
    - name: service.name
      value: from-file
propagator:
  composite:
    - tracecontext:
    - baggage:
tracer_provider:
  processors:
    - batch:
        schedule_delay: 200
        exporter:
          ${exporter('traces')}
`;
}
