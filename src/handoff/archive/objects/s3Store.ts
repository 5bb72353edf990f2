import { createHash } from 'node:crypto';
import { within } from '../../../time/within.js';
import { loadPeer } from '../../storage/loadPeer.js';
import { checkedKey } from './objectStore.js';
import type { ObjectStore } from './objectStore.js';

/** How to reach a bucket. Credentials come from where the AWS SDK looks for them: AWS_ACCESS_KEY_ID, profiles, roles. */
export interface S3StoreOptions {
  readonly bucket: string;
  /** Begins every key, without a slash at its end. Default none. */
  readonly prefix?: string | undefined;
  /** For services other than AWS: `https://s3.example.com`. */
  readonly endpoint?: string | undefined;
  /** Default `us-east-1`; `AWS_REGION` is not looked at here. */
  readonly region?: string | undefined;
  /** `endpoint/bucket/key` in place of `bucket.endpoint/key`; most other services need it. Default false. */
  readonly forcePathStyle?: boolean | undefined;
  /** Longest time for one operation, its retries included. In milliseconds, at most 600000, default 60000. */
  readonly timeoutMs?: number | undefined;
  /** 1 or more. Default 3. */
  readonly maxAttempts?: number | undefined;
}

export type S3Store = ObjectStore & { close(): void };

const DEFAULT_TIMEOUT_MS = 60_000;
/** An object that was given up while it was written is left alone for longer than this: see `leftoverGraceMs`. */
const MAX_TIMEOUT_MS = 600_000;
const CONNECT_TIMEOUT_MS = 3000;
const NOT_FOUND = 404;

/** Keeps objects in an S3 bucket. Rejects with `MissingPeerError` when `@aws-sdk/client-s3` is not installed. */
export async function createS3Store(options: S3StoreOptions): Promise<S3Store> {
  const timeoutMs = s3TimeoutMs(options);
  const { S3Client, PutObjectCommand, GetObjectCommand, HeadObjectCommand, DeleteObjectCommand } = await loadPeer('@aws-sdk/client-s3');
  const { bucket: Bucket, prefix, endpoint } = options;
  const client = new S3Client({
    region: options.region ?? 'us-east-1',
    ...(endpoint === undefined ? {} : { endpoint }),
    forcePathStyle: options.forcePathStyle ?? false,
    // Services other than AWS may refuse the headers of checksums that the SDK adds by itself.
    ...(endpoint === undefined ? {} : { requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' }),
    maxAttempts: options.maxAttempts ?? 3,
    requestHandler: { connectionTimeout: CONNECT_TIMEOUT_MS, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
  });
  const keyOf = (key: string): string => (prefix === undefined ? checkedKey(key) : `${prefix}/${checkedKey(key)}`);
  // The SDK's own limits end with the answer's headers: a body that never comes would be awaited for ever.
  const limited = <T>(work: (abortSignal: AbortSignal) => Promise<T>): Promise<T> =>
    within(timeoutMs, () => work(AbortSignal.timeout(timeoutMs)));
  return {
    kind: 's3',
    location: s3Location(options),
    timeoutMs,
    put: async (key, Body) => {
      const check = endpoint === undefined ? {} : contentMd5(Body);
      const command = new PutObjectCommand({ Bucket, Key: keyOf(key), Body, ContentType: 'application/gzip', ...check });
      await limited((abortSignal) => client.send(command, { abortSignal }));
    },
    get: (key, maxBytes = Infinity) =>
      unlessAbsent(
        limited(async (abortSignal) => {
          const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: keyOf(key) }), { abortSignal });
          return Body === undefined ? new Uint8Array() : bytesOf(Body as AsyncIterable<Uint8Array>, maxBytes);
        }),
      ),
    head: (key) =>
      unlessAbsent(
        limited(async (abortSignal) => {
          const { ContentLength = 0 } = await client.send(new HeadObjectCommand({ Bucket, Key: keyOf(key) }), { abortSignal });
          return { bytes: ContentLength };
        }),
      ),
    delete: async (key) => {
      const command = new DeleteObjectCommand({ Bucket, Key: keyOf(key) });
      await unlessAbsent(limited((abortSignal) => client.send(command, { abortSignal })));
    },
    close: () => {
      client.destroy();
    },
  };
}

/** Reads a body until it has more than `maxBytes`; leaving the loop closes the connection. */
async function bytesOf(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  return Buffer.concat(chunks);
}

/** The checksum that every service knows, and that those with locked objects want. Where cryptography is restricted, there is none. */
function contentMd5(body: Uint8Array): { readonly ContentMD5?: string } {
  try {
    return { ContentMD5: createHash('md5').update(body).digest('base64') };
  } catch {
    return {};
  }
}

export function s3Location({ bucket, prefix }: S3StoreOptions): string {
  return `s3://${bucket}${prefix === undefined ? '' : `/${prefix}`}`;
}

/** @throws RangeError for a time that is none, or longer than the archive waits for. */
export function s3TimeoutMs({ timeoutMs = DEFAULT_TIMEOUT_MS }: S3StoreOptions): number {
  if (timeoutMs >= 1 && timeoutMs <= MAX_TIMEOUT_MS) return timeoutMs;
  throw new RangeError(`timeoutMs must be from 1 to ${MAX_TIMEOUT_MS}, and is ${timeoutMs}.`);
}

/** A bucket that does not exist is a mistake in the settings, not an absent object. */
async function unlessAbsent<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && isNotFound(error) && error.name !== 'NoSuchBucket') return undefined;
    throw error;
  }
}

function isNotFound(error: Error & { readonly $metadata?: { readonly httpStatusCode?: number } }): boolean {
  return error.$metadata?.httpStatusCode === NOT_FOUND;
}
