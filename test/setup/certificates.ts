import { generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** A certificate and its key, PEM. */
export interface Certified {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Certified {
  /** For `localhost` and 127.0.0.1; good for servers and clients. */
  issue(name: string): Certified;
}

const ECDSA_SHA256 = sequence(oid([0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]));
let serial = 0;

/** A certificate authority of its own, made here: tests must run where there is no openssl, and keys have no place in a repository. */
export function createAuthority(): Authority {
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const subject = nameOf('Test authority');
  const isAuthority = sequence(
    oid([0x55, 0x1d, 0x13]),
    tlv(0x01, Buffer.from([0xff])),
    tlv(0x04, sequence(tlv(0x01, Buffer.from([0xff])))),
  );
  return {
    ...certified(
      certificate({ subject, issuer: subject, publicKey: keys.publicKey, extension: isAuthority, signer: keys.privateKey }),
      keys.privateKey,
    ),
    issue: (name) => {
      const own = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const names = sequence(tlv(0x82, Buffer.from('localhost')), tlv(0x87, Buffer.from([127, 0, 0, 1])));
      const extension = sequence(oid([0x55, 0x1d, 0x11]), tlv(0x04, names));
      return certified(
        certificate({ subject: nameOf(name), issuer: subject, publicKey: own.publicKey, extension, signer: keys.privateKey }),
        own.privateKey,
      );
    },
  };
}

interface CertificateParts {
  readonly subject: Buffer;
  readonly issuer: Buffer;
  readonly publicKey: KeyObject;
  readonly extension: Buffer;
  readonly signer: KeyObject;
}

/** X.509 version 3, in DER. */
function certificate({ subject, issuer, publicKey, extension, signer }: CertificateParts): Buffer {
  serial += 1;
  const validity = sequence(tlv(0x17, Buffer.from('250101000000Z')), tlv(0x17, Buffer.from('491231235959Z')));
  const version = tlv(0xa0, tlv(0x02, Buffer.from([2])));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const content = sequence(
    version,
    tlv(0x02, Buffer.from([serial])),
    ECDSA_SHA256,
    issuer,
    validity,
    subject,
    key,
    tlv(0xa3, sequence(extension)),
  );
  return sequence(content, ECDSA_SHA256, tlv(0x03, Buffer.concat([Buffer.from([0]), sign('sha256', content, signer)])));
}

function certified(der: Buffer, key: KeyObject): Certified {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return {
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
    key: key.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function nameOf(commonName: string): Buffer {
  return sequence(tlv(0x31, sequence(oid([0x55, 0x04, 0x03]), tlv(0x0c, Buffer.from(commonName)))));
}

function oid(bytes: readonly number[]): Buffer {
  return tlv(0x06, Buffer.from(bytes));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

function tlv(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}
