import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { itemsOf, type Capture } from './capture.js';
import type { GeneratorOrder, GeneratorResult } from './generatorProcess.js';

/** Sends what was captured to `endpoint`, at `spansPerSecond` with logs and metrics in proportion, or as fast as it is taken (0). */
export async function generate(
  capture: Capture,
  { endpoint, spansPerSecond, durationMs }: Pick<GeneratorOrder, 'endpoint' | 'spansPerSecond' | 'durationMs'>,
): Promise<GeneratorResult> {
  const child = fork(fileURLToPath(new URL('./generatorProcess.ts', import.meta.url)), {
    execArgv: ['--import', new URL('../../../tools/resolveSource.mjs', import.meta.url).href],
  });
  const order: GeneratorOrder = {
    endpoint,
    spansPerSecond,
    durationMs,
    spansPerPass: itemsOf(capture, 'traces'),
    requests: capture.requests.map(({ signal, body, items, idOffsets }) => ({
      signal,
      bodyBase64: body.toString('base64'),
      items,
      idOffsets,
    })),
  };
  child.send(order);
  const [result] = (await once(child, 'message')) as [GeneratorResult];
  return result;
}
