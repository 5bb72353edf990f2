/** What terminals obey, or what breaks or reorders a line; JSON leaves those from DEL on as they are, and writes the others as escapes. */
const CONTROLS = /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const LEFT_BY_JSON = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/;
const EACH_LEFT_BY_JSON = new RegExp(LEFT_BY_JSON, 'g');

/** Returns a text on one line that cannot control the terminal it is shown in: line breaks and tabs become spaces, the rest becomes `�`. */
export function withoutControls(text: string): string {
  return text.replace(/\r?\n|\t/g, ' ').replace(CONTROLS, '�');
}

/**
 * Returns a line of JSON that means the same and cannot control the terminal it is shown in: to many, U+009B is what ESC and `[` are. Such
 * characters occur only within texts, where JSON has escapes for them.
 */
export function escapedControls(json: string): string {
  return LEFT_BY_JSON.test(json)
    ? json.replace(EACH_LEFT_BY_JSON, (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : json;
}
