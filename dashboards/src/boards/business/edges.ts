import { serverMetrics } from '../../../../src/telemetry/catalogue/server.js';
import { ATTR_ERROR_TYPE, ATTR_HANDOFF_HTTP_REFUSAL_REASON, ATTR_HTTP_RESPONSE_STATUS_CODE } from '../../../../src/telemetry/semconv.js';
import { labelName, seriesName } from '../../names/series.js';
import { toLogs } from '../../panels/links.js';
import { lineOf, lines } from '../../panels/make.js';
import { cachePanels } from '../../panels/cache.js';
import type { RowSpec } from '../../panels/spec.js';
import { scope } from '../../panels/variables.js';
import { rate, sum } from '../../promql/expressions.js';

/** What happens before and beside the services: refusals of HTTP, the cache, and the log. */
export function edgesRow(): RowSpec {
  const keys = [ATTR_HANDOFF_HTTP_REFUSAL_REASON, ATTR_HTTP_RESPONSE_STATUS_CODE];
  return {
    title: 'Cache, HTTP and log',
    panels: [
      ...cachePanels(),
      lines({
        title: 'HTTP refusals per second, by reason',
        description:
          'token, origin and host are about who calls; body_* about wrong requests; busy, connections and memory mean that the server protects itself: look at its load. The log has one record per reason and minute.',
        unit: 'ops',
        stacked: true,
        queries: [
          lineOf(sum(rate(seriesName(serverMetrics.httpRefusals), scope), keys), keys.map((key) => `{{${labelName(key)}}}`).join(' ')),
        ],
        links: [toLogs],
        empty: 'Nothing was refused',
      }),
      lines({
        title: 'Records missing in log files, per second',
        description:
          'The log file could not be written (ENOSPC: its disk is full), or not fast enough (buffer_full). The records were still sent over OTLP.',
        unit: 'ops',
        stacked: true,
        queries: [lineOf(sum(rate(seriesName(serverMetrics.logDropped), scope), [ATTR_ERROR_TYPE]), `{{${labelName(ATTR_ERROR_TYPE)}}}`)],
        links: [toLogs],
        empty: 'Nothing is missing',
      }),
    ],
  };
}
