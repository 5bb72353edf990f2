/** As many as are remembered; beyond it complaints are dropped, or names made per request would fill the memory. */
const MAX_COMPLAINTS = 100;

/** Passes each complaint on once: a clash of names is the same at every scrape. */
export function createComplaints(report: (complaint: string) => void): (complaint: string) => void {
  const made = new Set<string>();
  return (complaint) => {
    if (made.has(complaint) || made.size >= MAX_COMPLAINTS) return;
    made.add(complaint);
    report(complaint);
  };
}
