/**
 * Waits for `work`, at most `timeoutMs`. Says whether it finished; never rejects.
 *
 * Holds the event loop while waiting: exporters do not (see `OtlpTransport`), so without this a process that has
 * nothing else to do would end before its last export is answered.
 */
export async function within(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs);
  });
  try {
    return await Promise.race([
      work.then(
        () => true,
        () => true,
      ),
      bound,
    ]);
  } finally {
    clearTimeout(timer);
  }
}
