import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { describe, expect, it } from 'vitest';
import { failure, useTarget } from './target.ts';

const target = useTarget();
const at = (Key: string) => ({ Bucket: target.bucket, Key });
const codeOf = async (response: Response) => /<Code>(.*)<\/Code>/.exec(await response.text())?.[1];

type SignedRequest = { headers: Record<string, string>; body: unknown };

/** Changes requests after they have been signed. */
function tamper(client: S3Client, change: (request: SignedRequest) => void): S3Client {
  client.middlewareStack.add(
    (next) => (args) => {
      change(args.request as SignedRequest);
      return next(args);
    },
    { step: 'finalizeRequest', priority: 'low' },
  );
  return client;
}

describe('signed headers', () => {
  it('refuses requests without a signature', async () => {
    await target.put('private', 'x');
    const url = new URL(await getSignedUrl(target.client, new GetObjectCommand(at('private'))));
    url.search = '';
    const response = await fetch(url);
    expect([response.status, await codeOf(response)]).toEqual([403, 'AccessDenied']);
  });

  it('refuses an unknown access key and a wrong secret', async () => {
    const { accessKeyId, secretAccessKey } = await target.client.config.credentials();
    const send = (credentials: { accessKeyId: string; secretAccessKey: string }) =>
      target.newClient({ credentials }).send(new GetObjectCommand(at('private')));
    await expect(send({ accessKeyId: 'AKIANOBODY', secretAccessKey })).rejects.toMatchObject(
      failure('InvalidAccessKeyId', 403),
    );
    await expect(send({ accessKeyId, secretAccessKey: 'wrong' })).rejects.toMatchObject(
      failure('SignatureDoesNotMatch', 403),
    );
  });

  it('refuses what was changed on the way', async () => {
    const metadata = tamper(target.newClient({}), ({ headers }) => {
      headers['x-amz-meta-owner'] = 'mallory';
    });
    const put = new PutObjectCommand({ ...at('changed'), Body: 'x', Metadata: { owner: 'alice' } });
    await expect(metadata.send(put)).rejects.toMatchObject(failure('SignatureDoesNotMatch', 403));
    const unsigned = tamper(target.newClient({}), ({ headers }) => {
      headers['x-amz-meta-more'] = 'x';
    });
    await expect(unsigned.send(put)).rejects.toMatchObject(failure('AccessDenied', 403));
  });

  it('refuses a body that is not the signed one', async () => {
    const client = tamper(target.newClient({ requestChecksumCalculation: 'WHEN_REQUIRED' }), (request) => {
      request.body = 'evil';
    });
    await expect(client.send(new PutObjectCommand({ ...at('body'), Body: 'good' }))).rejects.toMatchObject(
      failure('XAmzContentSHA256Mismatch', 400),
    );
  });

  it('refuses a clock that is more than 15 minutes off', async () => {
    const send = (systemClockOffset: number) =>
      target.newClient({ systemClockOffset, maxAttempts: 1 }).send(new HeadObjectCommand(at('skewed')));
    await target.put('skewed', 'x');
    expect((await send(-14 * 60_000)).ContentLength).toBe(1);
    await expect(send(-16 * 60_000)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
    await expect(send(16 * 60_000)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });
});

describe('presigned URLs', () => {
  it('gives the object to anybody, with ranges', async () => {
    await target.put('shared/ü +%.mp4', '0123456789');
    const url = await getSignedUrl(target.client, new GetObjectCommand(at('shared/ü +%.mp4')));
    const whole = await fetch(url);
    expect([whole.status, await whole.text()]).toEqual([200, '0123456789']);
    const range = await fetch(url, { headers: { range: 'bytes=-2' } });
    expect([range.status, range.headers.get('content-range'), await range.text()]).toEqual([
      206,
      'bytes 8-9/10',
      '89',
    ]);
  });

  it('overrides the headers of the answer', async () => {
    await target.put('named', 'x');
    const get = new GetObjectCommand({
      ...at('named'),
      ResponseContentType: 'video/mp4',
      ResponseContentDisposition: 'attachment; filename="a b.mp4"',
    });
    const { headers } = await fetch(await getSignedUrl(target.client, get));
    expect(headers.get('content-type')).toBe('video/mp4');
    expect(headers.get('content-disposition')).toBe('attachment; filename="a b.mp4"');
  });

  it('takes an upload', async () => {
    const client = target.newClient({ requestChecksumCalculation: 'WHEN_REQUIRED' });
    const url = await getSignedUrl(client, new PutObjectCommand(at('uploaded')));
    expect((await fetch(url, { method: 'PUT', body: 'from anybody' })).status).toBe(200);
    expect(await target.text('uploaded')).toBe('from anybody');
  });

  it('holds for one method, one key and one time', async () => {
    await target.put('one', 'x');
    const url = await getSignedUrl(target.client, new GetObjectCommand(at('one')), { expiresIn: 60 });
    const attempts = [
      fetch(url, { method: 'DELETE' }),
      fetch(url.replace('/one?', '/two?')),
      fetch(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')),
      fetch(url.replace(/X-Amz-Signature=./, 'X-Amz-Signature=x')),
    ];
    for (const response of await Promise.all(attempts)) {
      expect([response.status, await codeOf(response)]).toEqual([403, 'SignatureDoesNotMatch']);
    }
    const long = await fetch(url.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801'));
    expect([long.status, await codeOf(long)]).toEqual([400, 'AuthorizationQueryParametersError']);
  });

  it('answers errors as XML with a request id', async () => {
    const url = await getSignedUrl(target.client, new GetObjectCommand(at('no such <key>')));
    const response = await fetch(url);
    const body = await response.text();
    expect([response.status, response.headers.get('content-type')]).toEqual([404, 'application/xml']);
    expect(body).toContain('<Code>NoSuchKey</Code>');
    expect(body).toContain('<Key>no such &lt;key&gt;</Key>');
    expect(body).toContain(`<RequestId>${response.headers.get('x-amz-request-id')}</RequestId>`);
    const head = await fetch(url, { method: 'HEAD' });
    expect(await head.text()).toBe('');
  });
});
