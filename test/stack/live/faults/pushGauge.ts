/** Pushes a gauge by OTLP/JSON, with a point at each of these times. Whatever the answer is, it is what the fault is about. */
export async function pushGauge(url: string, timesMs: readonly number[]): Promise<void> {
  const dataPoints = timesMs.map((timeMs) => ({ timeUnixNano: `${Math.round(timeMs)}000000`, asDouble: 1 }));
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceMetrics: [
        {
          resource: { attributes: [{ key: 'service.name', value: { stringValue: 'live-stranger' } }] },
          scopeMetrics: [{ scope: { name: 'stranger' }, metrics: [{ name: 'live.stranger', gauge: { dataPoints } }] }],
        },
      ],
    }),
  });
  await response.arrayBuffer();
}
