/** Repeats a check until it passes; after `timeoutMs` it throws what the check throws. */
export async function passesWithin(timeoutMs: number, check: () => void): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      check();
      return;
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
