/**
 * SQL for the `event_data` of a lifecycle event with the trace in which it happened, which links of later sweeps lead to. Sweeps find no
 * trace in an event without it.
 *
 * @param data SQL of type jsonb
 * @param traceparent parameter with the traceparent of the call, or NULL where nothing keeps its trace
 */
export function traced(data: string, traceparent: string): string {
  return `${data} || jsonb_strip_nulls(jsonb_build_object('traceparent', ${traceparent}::text))`;
}
