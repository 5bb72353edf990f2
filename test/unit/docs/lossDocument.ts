/** Sections of `docs/metrics.md` on what readers of a dashboard must know about how its figures got there. */

export const LABELS = `## Labels: pulled and pushed

A metric has the same name and the same attributes whether it is pulled or pushed. The labels that say where it comes from differ:

| Label | Pulled from \`/metrics\` | Pushed by OTLP, with the Prometheus configuration of this repository |
|---|---|---|
| \`job\`, \`instance\` | as the scrape configuration sets them | \`service.name\` (\`service.namespace/service.name\` if there is one), \`service.instance.id\` |
| \`service_name\`, \`service_namespace\`, \`service_instance_id\`, \`service_version\`, \`deployment_environment_name\` | on \`target_info\` only | on every series |
| \`otel_scope_name\`, \`otel_scope_version\` | on every series | none |
| other resource attributes | on \`target_info\` | on \`target_info\` |
| \`up\`, and an end of the series when the process ends | yes | no: query \`absent(target_info{job="…"})\` instead; a gauge of an ended process stays for up to five minutes, beside that of the new process |

Collect the metrics of a process in one way only. If they are both scraped and pushed, every sum is twice what it should be.
`;

export const LOSSES = `## Where telemetry can be lost

A loss of telemetry never makes a call fail, and every loss that can be counted is counted. The table follows the telemetry from the process to the back end:

| Where | What is lost, and when | What shows it |
|---|---|---|
| Sampler | Traces that \`OTEL_TRACES_SAMPLER\` leaves out. Metrics and log records are not sampled. | nothing, since it is intended |
| Limits of a record | Attributes beyond 128 on a span and 64 on a log record, and events and links beyond 128 on a span. Strings of log records are cut at 4,096 characters, SQL text at 2,048 bytes. | the count of dropped attributes on the span or record; \`…\` at the end of a text that was cut |
| Attribute sets of a metric | The attributes of new sets beyond 2,000 of one instrument. These sets share one series, so that totals stay right. | the series with \`otel_metric_overflow="true"\` |
| Values outside a known set | The value itself; the point has \`_OTHER\` instead. | \`_OTHER\` |
| Queue of the process | While no receiver accepts them: new spans once 32,768 are waiting or being sent, new log records once there are 16,384, and either once they take 64 MiB. At any time, what cannot be encoded. | \`otel.sdk.processor.{span,log}.processed\` with \`error.type\` \`queue_full\` or \`_OTHER\`; \`counts.dropped\` of \`status()\` |
| Export of spans and log records | A batch that is refused, or not accepted within \`OTEL_EXPORTER_OTLP_TIMEOUT\` including its retries; single items that the receiver rejects from a batch that it accepts. | \`otel.sdk.exporter.{span,log}.exported\` with \`error.type\`; \`counts.failed\` of \`status()\`; a line on stderr |
| Export of metrics | The points of one interval. The next export makes up for sums and histograms, unless their temporality is delta, but not for gauges. | \`counts.failed\` of \`status()\`; a line on stderr |
| End of the process | Spans and log records of the last second, and metrics since the last interval, if [the process ends](telemetry.md#how-a-process-ends) without time to send them. | nothing |
| Between two scrapes | What a process counted after the last scrape before it ended. | nothing |
| Collector, coming in | Nothing as long as senders retry. The collector refuses data while its memory or a queue is full. | \`otelcol_receiver_refused_*\`, \`otelcol_exporter_enqueue_failed_*\` |
| Collector, queue on disk | The last seconds before a power failure, unless \`OTELCOL_QUEUE_FSYNC=true\`. | nothing |
| Collector, going out | A request that a back end refuses permanently (HTTP 400). Other back ends and later requests are not affected. | \`otelcol_exporter_send_failed_*\` |
| Prometheus | Points more than 24 hours older than the newest point of their series, and the whole request that contains them. | \`otelcol_exporter_send_failed_metric_points\` |
| Tempo | Spans beyond Tempo's own limits, which it drops after it has accepted them. Attributes are cut at 2,048 bytes. | \`tempo_discarded_spans_total\`, scraped from Tempo |
| Loki | Log records more than 12 hours older than the newest record of their stream. All replicas of a service share one stream. | \`loki_discarded_samples_total\`, scraped from Loki; \`otelcol_exporter_send_failed_log_records\` |

A series that counts failures appears with the first failure, so write rules in which an absent series counts as zero.
`;
