/** Alerts that no fault here raises, with the reason. */
export const notProvoked: Readonly<Record<string, string>> = {};
