/**
 * Returns the resident memory of this process, in bytes. The system tells it by a file, which cannot be opened while the process has no
 * file descriptor left. Then it is the most that the process has ever taken, which needs no file.
 */
export function residentBytes(
  now: () => number = () => process.memoryUsage.rss(),
  peakKibibytes: () => number = () => process.resourceUsage().maxRSS,
): number {
  try {
    return now();
  } catch {
    return peakKibibytes() * 1024;
  }
}
