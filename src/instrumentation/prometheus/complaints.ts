/** As many as are remembered; beyond it complaints are dropped, or names made per request would fill the memory. */
const MAX_COMPLAINTS = 100;

/** Told what is not shown as it was made, and why. `isLoss`: a value is nowhere to be seen. */
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
