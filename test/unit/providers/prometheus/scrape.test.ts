import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { afterEach, expect, it, vi } from 'vitest';
import { createScrape } from '../../../../src/providers/prometheus/scrape.js';
import { loadSdk } from '../../../../src/providers/sdkModules.js';

afterEach(() => {
  vi.restoreAllMocks();
});

it('answers 500 when the metrics cannot be written out, and leaves no rejection behind', async () => {
  const sdk = loadSdk();
  vi.spyOn(sdk.prometheus.PrometheusSerializer.prototype, 'serialize').mockImplementation(() => {
    throw new TypeError('a broken serializer');
  });
  const { reader, handler } = createScrape(sdk);
  const provider = new sdk.metrics.MeterProvider({ readers: [reader] });
  const unhandled = vi.fn();
  process.on('unhandledRejection', unhandled);
  try {
    const request = new IncomingMessage(new Socket());
    const response = new ServerResponse(request);
    handler(request, response);
    await expect.poll(() => response.writableEnded).toBe(true);
    expect(response.statusCode).toBe(500);
    await new Promise((resolve) => setImmediate(resolve));
    expect(unhandled).not.toHaveBeenCalled();
  } finally {
    process.off('unhandledRejection', unhandled);
    await provider.shutdown();
  }
});
