/** What a host put somewhere. */
export interface Canary {
  readonly place: string;
  readonly secret: string;
}

/** Bytes that left the process. */
export interface Exhibit {
  readonly where: string;
  readonly bytes: Buffer;
}

/** Cutting a value short does not make it harmless. */
const FRAGMENT_LETTERS = 8;

/** Ways in which bytes may show a text; each gives the texts to look at. */
const FORMS: Readonly<Record<string, (bytes: Buffer) => readonly string[]>> = {
  plain: (bytes) => [bytes.toString('latin1')],
  'UTF-16': (bytes) => [Buffer.from(bytes.filter((byte) => byte !== 0)).toString('latin1')],
  'percent-encoded': (bytes) => [
    bytes.toString('latin1').replaceAll(/%([0-9a-f]{2})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  ],
  'JSON escapes': (bytes) => [
    bytes.toString('latin1').replaceAll(/\\u([0-9a-f]{4})/gi, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
  ],
  base64: (bytes) =>
    runsOf(bytes, /[A-Za-z0-9+/_-]{11,}/g).flatMap((run) =>
      [0, 1, 2, 3].map((from) => Buffer.from(run.slice(from), 'base64').toString('latin1')),
    ),
  hexadecimal: (bytes) =>
    runsOf(bytes, /[0-9A-Fa-f]{16,}/g).flatMap((run) => [0, 1].map((from) => Buffer.from(run.slice(from), 'hex').toString('latin1'))),
};

/** Every secret found, in part or in whole, in any letter case, as `place: where, form`; sorted, each once. */
export function leaks(exhibits: readonly Exhibit[], canaries: readonly Canary[]): readonly string[] {
  const fragments = fragmentsOf(canaries);
  const numbers = canaries.filter(({ secret }) => /^\d+$/.test(secret));
  const found = new Map<string, string>();
  for (const { where, bytes } of exhibits) {
    for (const [form, textsOf] of Object.entries(FORMS)) {
      const note = (place: string): void => {
        const leak = `${place}: ${where}`;
        if (!found.has(leak)) found.set(leak, form); // The plain form comes first, and shows in most others too.
      };
      for (const text of textsOf(bytes)) {
        for (const place of fragmentPlaces(text, fragments)) note(place);
        for (const { place, secret } of numbers) if (text.includes(secret)) note(place);
      }
    }
  }
  return [...found].map(([leak, form]) => `${leak}, ${form}`).sort();
}

function runsOf(bytes: Buffer, pattern: RegExp): readonly string[] {
  return [...bytes.toString('latin1').matchAll(pattern)].map(([run]) => run);
}

function fragmentsOf(canaries: readonly Canary[]): ReadonlyMap<string, string> {
  const fragments = new Map<string, string>();
  for (const { place, secret } of canaries) {
    if (/^\d+$/.test(secret)) continue; // Eight digits of a number are also in times; those are looked for in whole.
    for (let from = 0; from + FRAGMENT_LETTERS <= secret.length; from += 1)
      fragments.set(secret.slice(from, from + FRAGMENT_LETTERS), place);
  }
  return fragments;
}

function* fragmentPlaces(text: string, fragments: ReadonlyMap<string, string>): Generator<string> {
  // Only runs of the letters that secrets are made of can hold one: a scan of megabytes stays fast.
  for (const [run] of text.toLowerCase().matchAll(/[ghjklmnpqrstvwxz]{8,}/g)) {
    for (let from = 0; from + FRAGMENT_LETTERS <= run.length; from += 1) {
      const place = fragments.get(run.slice(from, from + FRAGMENT_LETTERS));
      if (place !== undefined) yield place;
    }
  }
}
