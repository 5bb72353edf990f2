import { describe, expect, it } from 'vitest';
import { renewedTlsMaterial } from '../../../src/values/tlsMaterial.js';
import { createAuthority } from '../../setup/certificates.js';

const authority = createAuthority();
const bytesOf = ({ cert, key }: { cert: string; key: string }) => ({ cert: Buffer.from(cert), key: Buffer.from(key) });
const [first, next] = [bytesOf(authority.issue('first')), bytesOf(authority.issue('next'))];

describe('renewedTlsMaterial', () => {
  it('answers what the files hold, once they fit together', () => {
    const files = { ...first };
    const current = renewedTlsMaterial(first, (part) => files[part as 'cert' | 'key']);
    expect(current()).toBe(first);
    files.cert = next.cert;
    expect(current()).toBe(first);
    files.key = next.key;
    expect(current()).toEqual(next);
    files.cert = Buffer.from(next.cert.subarray(0, 100));
    expect(current()).toEqual(next);
  });

  it('goes on with what it has while a file is gone, and never asks for one that there was not', () => {
    const asked: string[] = [];
    const ca = Buffer.from(authority.cert);
    const current = renewedTlsMaterial({ ca }, (part) => {
      asked.push(part);
      throw new Error('gone');
    });
    expect(current()).toEqual({ ca });
    expect(asked).toEqual(['ca']);
  });
});
