import { SEARCH_LIMIT_MS, searchLoki, searchPrometheus, searchTempo } from '../probes/searchBackEnds.js';
import type { Search } from '../probes/searchBackEnds.js';
import type { Check } from '../examination/check.js';
import { failure, fine } from '../examination/finding.js';
import type { Finding } from '../examination/finding.js';

/** The probe is sent first, which takes its own time. */
const LIMIT_MS = SEARCH_LIMIT_MS + 90_000;

export const arrivalCheck: Check = {
  name: 'telemetry.arrival',
  group: 'telemetry',
  looksWhether: 'what was sent can be found in the back ends whose addresses are given (`--tempo`, `--prometheus`, `--loki`)',
  limitMs: LIMIT_MS,
  run: async (examination) => {
    const { tempoUrl, prometheusUrl, lokiUrl } = examination.options;
    const searches: readonly (readonly [string, URL | undefined, Search])[] = [
      ['The span', tempoUrl, searchTempo],
      ['The metric point', prometheusUrl, searchPrometheus],
      ['The log record', lokiUrl, searchLoki],
    ];
    const asked = searches.flatMap(([what, url, search]) => (url === undefined ? [] : [{ what, url, search }]));
    if (asked.length === 0) return [];
    const sent = await examination.probe();
    if (sent === undefined) return [failure('Nothing was sent that could arrive, because telemetry is off.', 'Turn it on, see above.')];
    return Promise.all(
      asked.map(async ({ what, url, search }): Promise<Finding> => {
        const outcome = await search(url, sent);
        if (outcome === 'found') return fine(`${what} arrived at ${url.origin}.`);
        if (outcome === 'absent')
          return failure(
            `${what} did not arrive at ${url.origin} within ${SEARCH_LIMIT_MS / 1000} s.`,
            'The receiver took it and did not pass it on: look at the exporters and the log of the collector, and whether this back end is the one it sends to.',
          );
        return failure(
          `${url.origin} cannot be asked (${outcome.problem}).`,
          'Correct the address, or the credentials in it (https://user:password@host).',
        );
      }),
    );
  },
};
