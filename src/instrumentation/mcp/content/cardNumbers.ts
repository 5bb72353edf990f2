import type { Report } from './secretRule.js';

/** A run of digit groups, but not the decimals of a fraction. Nothing that follows can fail the match, so it never backtracks. */
const DIGIT_GROUPS = /(?<!\d|\d\.)\d+(?:[ -]\d+)*/g;

/** First digits and lengths that card schemes use: without them every seventh order number or timestamp would pass. */
const CARD = /^(?:4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[0689]\d{12}|35\d{14}|6\d{15,18})$/;

const MIN_DIGITS = 13;
const MAX_DIGITS = 19;
const ZERO = 0x30;

/** Finds what looks like a payment card number: the right first digits, length and check digit. */
export function findCardNumbers(text: string, report: Report): void {
  for (const { 0: run, index } of text.matchAll(DIGIT_GROUPS)) {
    if (run.length < MIN_DIGITS) continue;
    for (let start = 0; start < run.length; start = endOfGroup(run, start) + 1) {
      let digits = '';
      for (let from = start; from < run.length && digits.length < MAX_DIGITS; ) {
        const end = endOfGroup(run, from);
        if (digits.length + end - from > MAX_DIGITS) break;
        digits += run.slice(from, end);
        if (digits.length >= MIN_DIGITS && passesLuhn(digits) && CARD.test(digits)) report(index + start, index + end);
        from = end + 1;
      }
    }
  }
}

/** Groups are separated by one character. */
function endOfGroup(run: string, from: number): number {
  let end = from;
  while (end < run.length && isDigit(run.charCodeAt(end))) end += 1;
  return end;
}

function isDigit(charCode: number): boolean {
  return charCode >= ZERO && charCode <= ZERO + 9;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - index) - ZERO;
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
