import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';

export type Spoken = 'http1' | 'http2' | 'tls' | 'unknown';

/** How a client of HTTP/2, gRPC's too, begins: RFC 9113, 3.4, and an empty SETTINGS frame. */
const PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]);
const SETTINGS_FRAME = 4;
const TLS_ALERT = 0x15;

/** Finds out what a port speaks: it answers the beginning of HTTP/2 with SETTINGS, with an error of HTTP/1, or as TLS does. */
export async function whatSpeaks(host: string, port: number, limitMs: number): Promise<Spoken> {
  const answer = await firstBytes(host, port, limitMs);
  if (answer?.subarray(0, 5).toString('latin1') === 'HTTP/') return 'http1';
  if (answer?.[3] === SETTINGS_FRAME) return 'http2';
  if (answer?.[0] === TLS_ALERT || (await takesTls(host, port, limitMs))) return 'tls';
  return 'unknown';
}

function firstBytes(host: string, port: number, limitMs: number): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port }, () => socket.write(PREFACE));
    const end = (bytes?: Buffer): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(bytes);
    };
    const timer = setTimeout(end, limitMs);
    socket.on('data', (bytes: Buffer) => end(bytes));
    socket.on('error', () => end());
    socket.on('close', () => end());
  });
}

function takesTls(host: string, port: number, limitMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    // Whether the certificate is good is another question, and nothing is sent.
    const socket = connectTls({
      host,
      port,
      rejectUnauthorized: false,
      servername: host.includes(':') || /^[\d.]+$/.test(host) ? '' : host,
    });
    const end = (is: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(is);
    };
    const timer = setTimeout(() => end(false), limitMs);
    socket.on('secureConnect', () => end(true));
    socket.on('error', () => end(false));
  });
}
