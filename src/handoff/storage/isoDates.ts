import type { Client } from 'pg';

/** What pg sends with the first packet of a connection; its types do not have it. */
interface StartsUp {
  getStartupConf(): Readonly<Record<string, string>>;
}

/**
 * Derives a class of clients whose connections write times as ISO 8601 does, whatever the default of the server, the database or the role
 * is: pg reads no other form, and takes what it cannot read for null. With the first packet, so that it takes no round trip; poolers know
 * this parameter.
 */
export function isoDatesClass(Base: typeof Client): typeof Client {
  const { getStartupConf: inherited } = Base.prototype as Client & Partial<StartsUp>;
  return class IsoDatesClient extends Base {
    getStartupConf(): Readonly<Record<string, string>> {
      return { ...inherited?.call(this), DateStyle: 'ISO' };
    }
  };
}
