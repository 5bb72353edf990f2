import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { S3_CREDENTIALS, createBucket, startThrowawayS3 } from '../setup/throwawayS3.js';
import type { ChaosStore } from './chaosStore.js';
import { faultyStore } from './faultyStore.js';
import type { SeededRandom } from './random.js';

const BUCKET = 'archive';
const REGION = 'us-east-1';

/** A bucket of a real S3 server, behind a proxy that fails requests. */
export async function failingBucket(random: SeededRandom): Promise<ChaosStore> {
  const s3 = await startThrowawayS3();
  await createBucket(s3.url, BUCKET);
  const proxy = await faultyStore(s3.url, random);
  const client = new S3Client({
    endpoint: s3.url,
    region: REGION,
    forcePathStyle: true,
    credentials: { accessKeyId: S3_CREDENTIALS.AWS_ACCESS_KEY_ID, secretAccessKey: S3_CREDENTIALS.AWS_SECRET_ACCESS_KEY },
  });
  return {
    env: {
      HANDOFF_ARCHIVE_S3_BUCKET: BUCKET,
      HANDOFF_ARCHIVE_S3_ENDPOINT: proxy.url,
      HANDOFF_ARCHIVE_S3_REGION: REGION,
      HANDOFF_ARCHIVE_S3_FORCE_PATH_STYLE: 'true',
      ...S3_CREDENTIALS,
    },
    get failureShare() {
      return proxy.failureShare;
    },
    set failureShare(share) {
      proxy.failureShare = share;
    },
    injected: proxy.injected,
    read: async (key) => {
      const { Body: body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }));
      if (body === undefined) throw new Error(`The object ${key} is empty.`);
      return body.transformToByteArray();
    },
    close: async () => {
      client.destroy();
      await proxy.close();
      await s3.stop();
    },
  };
}
