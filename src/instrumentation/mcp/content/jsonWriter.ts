import { UNREADABLE, blobText, holdsLabelledSecret, isLabelled, readable } from './objectParts.js';
import type { Parts } from './objectParts.js';
import { LOOKAHEAD_CHARS, REDACTED, redactText } from './redactor.js';
import type { Redaction } from './redactor.js';
import { MAX_KEY_CHARS } from './sensitiveKeys.js';
import { CUT_MARK, CUT_MARK_BYTES, TRUNCATED, beginningWithin, jsonCost } from './textCut.js';

/** Values nested deeper are replaced: nobody reads them on a span, and recursion must end. */
const MAX_DEPTH = 16;

/** Writing a longer integer takes time that grows with the square of its length. */
const BIGINT_BOUND = 10n ** 40n;

/**
 * Reserved after everything written except closing brackets, so that wherever the room ends there is enough left to say so: a
 * comma, then `"[truncated]":true` or a cut string's quotes and mark.
 */
const RESERVE_BYTES = 24;
const QUOTES_BYTES = 2;

/** A flag or header name whose value is the next item of its list. */
const NAME_IN_LIST = /^[\w.-]{1,64}:?$/;

/** Writes one value as JSON within a number of bytes. Once `#full`, only closing brackets follow. */
export class JsonWriter {
  text = '';
  readonly #redaction: Redaction;
  /** Objects being written, outermost first. */
  readonly #path: object[] = [];
  /** Bytes left, minus the reserve and the pending closing brackets. */
  #room: number;
  #full = false;
  /** Bounds work that costs time without filling room: properties without a JSON form, texts that shrink as secrets are replaced. */
  #propertiesLeft: number;
  #charsToSearch: number;

  constructor(maxBytes: number, redaction: Redaction) {
    this.#redaction = redaction;
    this.#room = maxBytes - RESERVE_BYTES;
    this.#propertiesLeft = maxBytes;
    this.#charsToSearch = 8 * (maxBytes + LOOKAHEAD_CHARS);
  }

  write(value: unknown, key: string): void {
    if (typeof value === 'string') this.#string(value);
    else if (typeof value === 'number' && Number.isFinite(value)) this.#digits(String(value));
    else if (typeof value === 'bigint') this.#digits(value < BIGINT_BOUND && value > -BIGINT_BOUND ? String(value) : '"[bigint]"');
    else if (typeof value === 'boolean') this.#token(String(value));
    else if (value === UNREADABLE) this.#token('"[unreadable]"');
    else if (typeof value === 'object' && value !== null) this.#object(value, key);
    else this.#token('null');
  }

  /** Writes ASCII text that is already JSON. */
  #token(json: string): void {
    if (json.length <= this.#room) {
      this.text += json;
      this.#room -= json.length;
    } else {
      this.#full = true;
      this.text += `"${TRUNCATED}"`;
    }
  }

  /** Numbers may be secrets too: card numbers, and whatever matches the user's patterns. */
  #digits(json: string): void {
    const safe = this.#redacted(json, json.length);
    this.#token(safe.text === json ? json : JSON.stringify(safe.text));
  }

  #string(value: string): void {
    const maxBytes = this.#room + RESERVE_BYTES - QUOTES_BYTES - CUT_MARK_BYTES;
    const { text, cut } = this.#redacted(value, Math.max(maxBytes, 0));
    const whole = JSON.stringify(text);
    const bytes = Buffer.byteLength(whole);
    if (!cut && bytes <= this.#room) {
      this.text += whole;
      this.#room -= bytes;
      return;
    }
    const shown = JSON.stringify(`${beginningWithin(text, maxBytes, jsonCost)}${CUT_MARK}`);
    this.text += shown;
    this.#room -= Buffer.byteLength(shown);
    this.#full = this.#room < 0;
  }

  #redacted(text: string, maxChars: number): { readonly text: string; readonly cut: boolean } {
    this.#charsToSearch -= Math.min(text.length, maxChars + LOOKAHEAD_CHARS);
    return this.#charsToSearch < 0 ? { text: '', cut: true } : redactText(text, maxChars, this.#redaction.rules);
  }

  #object(value: object, key: string): void {
    if (this.#path.includes(value)) return this.#token('"[circular]"');
    if (this.#path.length >= MAX_DEPTH) return this.#token('"[nested]"');
    const parts = readable(value, key);
    if (parts === undefined) return this.#token('"[unreadable]"');
    this.#path.push(value);
    if (parts.kind === 'plain') this.write(parts.value, key);
    else this.#parts(parts);
    this.#path.pop();
  }

  #parts(parts: Parts): void {
    if (this.#room < 2) return this.#token(`"${TRUNCATED}"`);
    this.#room -= 2;
    this.text += parts.kind === 'list' ? '[' : '{';
    if (parts.kind === 'list') this.#list(parts.items);
    else this.#record(parts);
    this.text += parts.kind === 'list' ? ']' : '}';
  }

  #list(items: Iterable<unknown>): void {
    let before: unknown;
    let index = 0;
    for (const item of items) {
      if (index > 0) this.#comma();
      const namedBefore = typeof before === 'string' && NAME_IN_LIST.test(before) && this.#redaction.isSensitiveKey(before);
      if (namedBefore) this.#token(`"${REDACTED}"`);
      else this.write(item, String(index));
      if (this.#full) return;
      before = item;
      index += 1;
    }
  }

  #record({ owner, entries }: Parts & { readonly kind: 'record' }): void {
    const labelled = holdsLabelledSecret(owner, this.#redaction.isSensitiveKey);
    let first = true;
    for (const [key, value] of entries) {
      this.#propertiesLeft -= 1;
      const hasForm = value === UNREADABLE || (value !== undefined && typeof value !== 'function' && typeof value !== 'symbol');
      if (this.#propertiesLeft >= 0 && !hasForm) continue;
      if (!first) this.#comma();
      first = false;
      if (!this.#key(key)) return;
      const secret = this.#redaction.isSensitiveKey(key) || (labelled && isLabelled(key));
      this.write(secret ? REDACTED : (blobText(owner, key, value) ?? value), key);
      if (this.#full) return;
    }
  }

  /** Writes a key, or a mark saying that there is no room for it. */
  #key(key: string): boolean {
    const shown = key.length > MAX_KEY_CHARS ? '[long key]' : this.#redacted(key, MAX_KEY_CHARS).text;
    const json = `${JSON.stringify(shown)}:`;
    const bytes = Buffer.byteLength(json);
    if (this.#propertiesLeft < 0 || bytes > this.#room) {
      this.#full = true;
      this.text += `"${TRUNCATED}":true`;
      return false;
    }
    this.text += json;
    this.#room -= bytes;
    return true;
  }

  /** May use one byte of the reserve, which can spare it. */
  #comma(): void {
    this.text += ',';
    this.#room -= 1;
  }
}
