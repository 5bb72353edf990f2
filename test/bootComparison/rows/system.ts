/** `postgresql`, `redis` or whatever else a span or point says its database is, by the old name of the attribute or the new. */
export function systemOf({ attributes }: { readonly attributes: Readonly<Record<string, unknown>> }): unknown {
  return attributes['db.system.name'] ?? attributes['db.system'];
}
