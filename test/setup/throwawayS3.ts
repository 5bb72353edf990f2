import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { KeptProcess } from './keptProcess.js';
import { motoProgram } from './motoProgram.js';
import { ThrowawayServer } from './throwawayServer.js';
import { temporaryRoot } from './unprivileged.js';

/** What the SDK needs to talk to it; the server accepts any. */
export const S3_CREDENTIALS = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' } as const;

/** Starts an S3 server of our own, which keeps its objects in memory. */
export async function startThrowawayS3(): Promise<ThrowawayServer> {
  const { command, args, env } = await motoProgram();
  const work = mkdtempSync(join(temporaryRoot(), 'handoff-otel-s3-'));
  return ThrowawayServer.create({
    name: 'S3',
    kept: new KeptProcess(work, 'SIGKILL'),
    stopSignal: 'SIGTERM',
    tidiesAtStart: false,
    launch: (port) => ({
      command,
      args: [...args, '-H', '127.0.0.1', '-p', String(port)],
      env,
      cwd: work,
      logFile: join(work, 'server.log'),
    }),
    url: (port) => `http://127.0.0.1:${port}`,
    probe: async (url) => {
      const answer = await fetch(`${url}/moto-api/data.json`);
      if (!answer.ok) throw new Error(`the S3 server answered ${answer.status}`);
      await answer.arrayBuffer();
    },
  });
}

export async function createBucket(endpoint: string, bucket: string): Promise<void> {
  const client = new S3Client({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: S3_CREDENTIALS.AWS_ACCESS_KEY_ID, secretAccessKey: S3_CREDENTIALS.AWS_SECRET_ACCESS_KEY },
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
}
