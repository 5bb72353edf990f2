/** Sections of `docs/metrics.md` on what readers of a dashboard must know about how its figures got there. */

export const LABELS = `## Labels: pulled and pushed

A metric has the same name and the same attributes whether it is pulled or pushed. The labels that say where it comes from differ:

| Label | Pulled from \`/metrics\` | Pushed by OTLP, with the Prometheus configuration of this repository |
|---|---|---|
| \`job\`, \`instance\` | those of the scrape configuration | \`service.name\` (\`service.namespace/service.name\` if there is one), \`service.instance.id\` |
| \`service_name\`, \`service_namespace\`, \`service_instance_id\`, \`service_version\`, \`deployment_environment_name\` | on \`target_info\` only | on every series |
| \`otel_scope_name\`, \`otel_scope_version\` | on every series | none |
| other resource attributes | on \`target_info\` | on \`target_info\` |
| \`up\`, and the end of a series when its process ends | yes | no: ask \`absent(target_info{job="…"})\`; a gauge stays, beside that of the new process, for up to five minutes |

Collect a process in one way only. If it is both scraped and pushed, every sum is twice what it should be.
`;

export const LOSSES = `## Where telemetry can be lost

A loss never makes a call fail, and every loss that can be counted is counted. From the process to the back end:

| Where | What is lost, and when | What shows it |
|---|---|---|
| Sampler | Traces that \`OTEL_TRACES_SAMPLER\` leaves out. Metrics and log records are not sampled. | nothing, since it is intended |
| Limits of a record | Attributes beyond 128 of a span and 64 of a log record, events and links beyond 128; strings of log records beyond 4,096 characters, SQL text beyond 2,048 bytes. | the count of dropped attributes on the record; \`…\` at the end of a text |
| Attribute sets of a metric | Beyond 2,000 sets of one instrument, new sets share one series; its sums stay right. | the series with \`otel_metric_overflow="true"\` |
| Values outside a known set | The value itself: the point says \`_OTHER\`. | \`_OTHER\` |
| Queue of the process | The newest spans beyond 32,768 and log records beyond 16,384, or beyond 64 MiB of either, that wait or are being sent while no receiver takes them; what cannot be encoded. | \`otel.sdk.processor.{span,log}.processed\` with \`error.type\` \`queue_full\` or \`_OTHER\`; \`counts.dropped\` of \`status()\` |
| Export of spans and log records | A batch that is refused, or not accepted within \`OTEL_EXPORTER_OTLP_TIMEOUT\` including its retries; single items of a batch that the receiver rejects. | \`otel.sdk.exporter.{span,log}.exported\` with \`error.type\`; \`counts.failed\` of \`status()\`; a line on stderr |
| Export of metrics | The points of one interval. The next one makes up for sums and histograms, unless the temporality is delta; not for gauges. | \`counts.failed\` of \`status()\`; a line on stderr |
| End of the process | What was made in the last second, and metrics since the last interval, where [a process ends](telemetry.md#how-a-process-ends) with no time to send. | nothing |
| Between two scrapes | What a process counted after the last scrape before it ended. | nothing |
| Collector, coming in | Nothing while senders retry: it refuses when its memory or a queue is full. | \`otelcol_receiver_refused_*\`, \`otelcol_exporter_enqueue_failed_*\` |
| Collector, queue on disk | At a power failure the last seconds, unless \`OTELCOL_QUEUE_FSYNC=true\`. | nothing |
| Collector, going out | A request that a back end refuses for good (HTTP 400): other back ends and later requests are not affected. | \`otelcol_exporter_send_failed_*\` |
| Prometheus | Points more than 24 hours older than the newest of their series, and the request that brought them. | \`otelcol_exporter_send_failed_metric_points\` |
| Tempo | Spans beyond its own limits, after it has taken them; attributes are cut at 2,048 bytes. | \`tempo_discarded_spans_total\`, scraped from Tempo |
| Loki | Log records more than 12 hours older than the newest of their stream, which all replicas of a service share. | \`loki_discarded_samples_total\`, scraped from Loki; \`otelcol_exporter_send_failed_log_records\` |

The series of failures appear with the first failure: write rules so that an absent series counts as zero.
`;
