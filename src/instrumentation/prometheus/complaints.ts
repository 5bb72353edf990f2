/** The most complaints that are remembered; further ones are dropped, or names created per request would fill the memory. */
const MAX_COMPLAINTS = 100;

/** Notified of what is not shown unchanged, and why. `isLoss`: a value is not shown at all. */
export type Complain = (complaint: string, isLoss?: boolean) => void;

/** Passes each complaint on once: a clash of names is the same at every scrape. */
export function createComplaints(report: (complaint: string, isLoss: boolean) => void): Complain {
  const made = new Set<string>();
  return (complaint, isLoss = false) => {
    if (made.has(complaint) || made.size >= MAX_COMPLAINTS) return;
    made.add(complaint);
    report(complaint, isLoss);
  };
}
