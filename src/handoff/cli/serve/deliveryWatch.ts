/** How much of one signal has been sent; see `status()` of `instrument()`. */
export interface Delivery {
  readonly delivered: number;
  readonly failed: number;
}

/**
 * Returns a look at whether telemetry arrives: since the last look some was given up on, and nothing arrived. A signal of which nothing
 * was sent since tells nothing new.
 */
export function deliveryWatch(read: () => readonly (Delivery | undefined)[]): () => string | undefined {
  const last: (Delivery & { readonly isFailing: boolean })[] = [];
  return () => {
    read().forEach((now, signal) => {
      if (now === undefined) return;
      const before = last[signal] ?? { delivered: 0, failed: 0, isFailing: false };
      const { delivered, failed } = now;
      const isFailing = delivered > before.delivered ? false : failed > before.failed || before.isFailing;
      last[signal] = { delivered, failed, isFailing };
    });
    return last.some((signal) => signal.isFailing) ? 'not_delivered' : undefined;
  };
}
