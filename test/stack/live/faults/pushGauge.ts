/** Pushes one point of a gauge by OTLP/JSON. Whatever the answer is, it is what the fault is about. */
export async function pushGauge(url: string, { atMs, attributes }: { readonly atMs: number; readonly attributes: Readonly<Record<string, string>> }): Promise<void> {
  const list = (values: Readonly<Record<string, string>>): object[] =>
    Object.entries(values).map(([key, stringValue]) => ({ key, value: { stringValue } }));
  const point = { timeUnixNano: `${Math.round(atMs)}000000`, asDouble: 1, attributes: list(attributes) };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      resourceMetrics: [
        {
          resource: { attributes: list({ 'service.name': 'live-stranger' }) },
          scopeMetrics: [{ scope: { name: 'stranger' }, metrics: [{ name: 'live.stranger', gauge: { dataPoints: [point] } }] }],
        },
      ],
    }),
  });
  await response.arrayBuffer();
}
