import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startS3 } from '../../local/s3/index.ts';
import { startQueueServer } from '../../local/services/queue-server.ts';
import { startTableServer } from '../../local/services/table-server.ts';
import { createStopper } from '../../local/stopper.ts';
import type { Injection } from './proxy.ts';
import { type QueueProxy, startQueueProxy } from './queues.ts';
import { createRandom } from './random.ts';
import { type S3Proxy, startS3Proxy } from './s3-proxy.ts';
import { startTableProxy, type TableProxy } from './table-proxy.ts';

const KEYS = { accessKeyId: 'bench', secretAccessKey: 'the-secret-of-the-bench' };
const COMMON = { region: 'us-east-1', credentials: KEYS, maxAttempts: 1 };
const BODY = randomBytes(200_000);

const stopper = createStopper();
const faults: unknown[] = [];
let [s3Proxy, queueProxy, tableProxy] = [] as unknown as [S3Proxy, QueueProxy, TableProxy];
let [s3, sqs, table] = [] as unknown as [S3Client, SQSClient, DynamoDBClient];

beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'proxies-'));
  stopper.add(() => rm(folder, { recursive: true }));
  const servers = {
    s3: await startS3({ dataDir: join(folder, 's3'), credentials: KEYS }),
    queues: await startQueueServer(),
    table: await startTableServer(join(folder, 'table')),
  };
  for (const server of Object.values(servers)) stopper.add(() => server.close());
  s3Proxy = await startS3Proxy(servers.s3.url, createRandom(1));
  queueProxy = await startQueueProxy(servers.queues.url, createRandom(2), (error) => faults.push(error));
  tableProxy = await startTableProxy(servers.table.url, createRandom(3));
  for (const proxy of [s3Proxy, queueProxy, tableProxy]) stopper.add(() => proxy.close());
  s3 = new S3Client({ ...COMMON, endpoint: s3Proxy.url, forcePathStyle: true });
  sqs = new SQSClient({ ...COMMON, endpoint: queueProxy.url });
  table = new DynamoDBClient({ ...COMMON, endpoint: tableProxy.url });
  await s3.send(new CreateBucketCommand({ Bucket: 'media' }));
});
afterAll(async () => {
  for (const client of [s3, sqs, table]) client.destroy();
  await stopper.stop();
  expect(faults).toEqual([]);
});

const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket: 'media', Key, Body: BODY }));
const stored = async (Key: string): Promise<Buffer> => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: 'media', Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};
const during = async (injection: Injection, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } finally {
    injection.stop();
  }
  expect(injection.count()).toBeGreaterThan(0);
};

describe('the S3 proxy', () => {
  it.each([
    ['internal-error', /^InternalError$/],
    ['slow-down', /^SlowDown$/],
    ['access-denied', /^AccessDenied$/],
    ['reset', /^(ECONNRESET|EPIPE)$/],
    ['refuse', /^(ECONNRESET|ECONNREFUSED)$/],
    ['corrupt', /Mismatch|BadDigest/],
  ] as const)('breaks writes with %s, and lets them pass afterwards', async (fault, expected) => {
    await put('kept-open');
    await during(s3Proxy.inject(fault), async () => {
      const error = await put(fault).catch((thrown: unknown) => thrown);
      const { name, code = name } = error as NodeJS.ErrnoException;
      expect(code).toMatch(expected);
    });
    await expect.poll(() => put(fault).then(() => 'stored', String)).toBe('stored');
    expect((await stored(fault)).equals(BODY)).toBe(true);
  });

  it('does what was asked, and loses the answer', async () => {
    await during(s3Proxy.inject('lost-answer'), () => expect(put('unanswered')).rejects.toThrow());
    expect((await stored('unanswered')).equals(BODY)).toBe(true);
  });

  it('strikes only the operations and keys that are chosen', async () => {
    const Key = 'live/show.mp4';
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket: 'media', Key }));
    const part = () =>
      s3.send(new UploadPartCommand({ Bucket: 'media', Key, UploadId, PartNumber: 1, Body: BODY }));
    await during(s3Proxy.inject('slow-down', { operations: ['UploadPart'], keys: /show/ }), async () => {
      await put('live/show.flv');
      await expect(part()).rejects.toThrow();
    });
    const genuine = `"${createHash('md5').update(BODY).digest('hex')}"`;
    const injection = s3Proxy.inject('false-etag');
    expect((await part()).ETag).not.toBe(genuine);
    injection.stop();
    expect((await part()).ETag).toBe(genuine);
  });

  it.each(['refuse', 'slow-down'] as const)(
    'strikes only the buckets that are chosen with %s',
    async (fault) => {
      await during(s3Proxy.inject(fault, { buckets: ['others', 'media'] }), async () => {
        await expect(put('struck')).rejects.toThrow();
      });
      const elsewhere = s3Proxy.inject(fault, { buckets: ['others'] });
      await put('not-struck');
      elsewhere.stop();
      expect(elsewhere.count()).toBe(0);
    },
  );

  it('lets 50 kB pass in a second', async () => {
    const startedAt = performance.now();
    await during(s3Proxy.inject('crawl'), async () => void (await put('slow')));
    expect(performance.now() - startedAt).toBeGreaterThan(3500);
  });

  it('does not answer while it hangs', async () => {
    const signal = AbortSignal.timeout(300);
    await during(s3Proxy.inject('hang'), async () => {
      const command = new PutObjectCommand({ Bucket: 'media', Key: 'hung', Body: BODY });
      await expect(s3.send(command, { abortSignal: signal })).rejects.toThrow(/abort/i);
    });
  });
});

describe('the queue proxy', () => {
  const makeQueue = async (name: string, Attributes = {}): Promise<string> => {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    return QueueUrl;
  };
  const bodies = async (QueueUrl: string, count: number): Promise<string[]> => {
    const found: string[] = [];
    while (found.length < count) {
      const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 });
      const { Messages = [] } = await sqs.send(command);
      if (Messages.length === 0) break;
      found.push(...Messages.map(({ Body = '' }) => Body));
    }
    return found;
  };

  it('delivers every message twice, in another order', async () => {
    const QueueUrl = await makeQueue('twice');
    const sent = Array.from({ length: 10 }, (_, index) => String(index));
    await during(queueProxy.distort({ copies: 2, mostDelayMs: 300 }), async () => {
      for (const MessageBody of sent) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
      const found = await bodies(QueueUrl, 20);
      expect(found.toSorted()).toEqual([...sent, ...sent].toSorted());
      expect(found).not.toEqual([...sent, ...sent]);
    });
  });

  it('delivers twice what a FIFO queue would take for a repetition', async () => {
    const QueueUrl = await makeQueue('twice.fifo', { FifoQueue: 'true' });
    const Entries = ['a', 'b'].map((name) => ({
      ...{ Id: name, MessageBody: name, MessageGroupId: name, MessageDeduplicationId: name },
    }));
    await during(queueProxy.distort({ copies: 2 }), async () => {
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
      await delay(50);
    });
    // A FIFO queue gives the next message of a group when the one before is gone.
    expect((await bodies(QueueUrl, 2)).toSorted()).toEqual(['a', 'b']);
  });

  it('takes messages and never delivers them', async () => {
    const QueueUrl = await makeQueue('lossy');
    await during(queueProxy.distort({ lost: 1 }), async () => {
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'gone' }));
    });
    expect(await bodies(QueueUrl, 1)).toEqual([]);
  });

  it('distorts only the queues that are chosen', async () => {
    const [lossy, sound] = [await makeQueue('struck-jobs'), await makeQueue('other-jobs')];
    await during(queueProxy.distort({ lost: 1, queues: /struck-jobs$/ }), async () => {
      for (const QueueUrl of [lossy, sound])
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'job' }));
    });
    expect(await bodies(lossy, 1)).toEqual([]);
    expect(await bodies(sound, 1)).toEqual(['job']);
  });

  it('empties every queue', async () => {
    const QueueUrl = await makeQueue('full');
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'gone' }));
    expect(await queueProxy.purge(sqs)).toBeGreaterThan(0);
    expect(await bodies(QueueUrl, 1)).toEqual([]);
  });
});

describe('the table proxy', () => {
  const list = () => table.send(new ListTablesCommand({}));

  it('throttles, and lets pass what it does not strike', async () => {
    await during(tableProxy.inject({ throttled: 1 }), async () => {
      await expect(list()).rejects.toThrow(
        expect.objectContaining({
          name: expect.stringMatching(/^(ProvisionedThroughputExceeded|Throttling)Exception$/),
        }),
      );
    });
    const injection = tableProxy.inject({ throttled: 1, operations: ['PutItem'] });
    await expect(list()).resolves.toMatchObject({ TableNames: [] });
    injection.stop();
  });

  it('fails, and loses answers', async () => {
    await during(tableProxy.inject({ failed: 1 }), () =>
      expect(list()).rejects.toThrow(expect.objectContaining({ name: 'InternalServerError' })),
    );
    await during(tableProxy.inject({ unanswered: 1 }), () => expect(list()).rejects.toThrow());
    await during(tableProxy.inject({ away: 1 }), () =>
      expect(list()).rejects.toThrow(/ECONNRESET|socket hang up/),
    );
  });
});
