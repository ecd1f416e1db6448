import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { createAddressPolicy } from '../../shared/net/address-policy.ts';
import type { Bucket } from '../../shared/schemas/storage.ts';
import { createStores } from '../../shared/storage/stores.ts';
import { type StorageWorld, startStorageWorld } from '../support/storage-world.ts';

let world: StorageWorld;
beforeAll(async () => {
  world = await startStorageWorld();
});
afterAll(() => world.close());
afterEach(() => {
  vi.useRealTimers();
  world.distrustful.clear();
});

const LOOPBACK = ['127.0.0.0/8', '::1/128'];
const stores = (allowed: readonly string[] = LOOPBACK) => createStores(createAddressPolicy(allowed));
let roles = 0;
const aRole = () => {
  roles += 1;
  return `arn:aws:iam::123456789012:role/media-${roles}`;
};
const media = (more: Partial<Bucket> = {}): Bucket => ({ bucket: 'media', region: 'us-east-1', ...more });
const ofRole = (roleArn: string, externalId?: string): Bucket =>
  media({ credentials: { type: 'role', roleArn, ...(externalId === undefined ? {} : { externalId }) } });
const ofSecret = (secretId: string): Bucket =>
  media({ endpoint: world.foreign.url, forcePathStyle: true, credentials: { type: 'secret', secretId } });
const foreignKeys = (more: object = {}) => JSON.stringify({ ...world.foreignKeys, ...more });
const times = (roleArn: string) => world.assumed.filter(({ arn }) => arn === roleArn).length;
const hi = Buffer.from('hi');
const fakeClock = () => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() });

describe('A storage with a role', () => {
  it('is used in a session of that role, which all its stores share', async () => {
    const roleArn = aRole();
    const all = stores();
    const [one, same] = [all.of(ofRole(roleArn, 'agreed')), all.of(ofRole(roleArn, 'agreed'))];
    expect(one).toBe(same);
    expect(all.of({ ...ofRole(roleArn, 'agreed'), bucket: 'other' })).not.toBe(one);
    await Promise.all([one.put('role/a', hi), one.put('role/b', hi), one.list('role/')]);
    expect((await all.of({ ...ofRole(roleArn, 'agreed'), region: 'us-east-1' }).get('role/a'))?.body).toEqual(
      hi,
    );
    expect(world.assumed.filter(({ arn }) => arn === roleArn)).toEqual([
      { arn: roleArn, externalId: 'agreed' },
    ]);
    const upload = await one.createUpload('role/c', 'a/b');
    await one.completeUpload('role/c', upload, [await one.uploadPart('role/c', upload, 1, hi)]);
    expect((await one.head('role/c'))?.size).toBe(2);
  });

  it('renews its session while the old one still works', async () => {
    fakeClock();
    const roleArn = aRole();
    const store = stores().of(ofRole(roleArn));
    await store.put('role/a', hi);
    vi.setSystemTime(Date.now() + 9 * 60_000);
    await store.get('role/a');
    expect(times(roleArn)).toBe(1);
    vi.setSystemTime(Date.now() + 2 * 60_000);
    await store.get('role/a');
    expect(times(roleArn)).toBe(2);
  });

  it('signs URLs that work for as long as they say, which is not longer than their session', async () => {
    fakeClock();
    const roleArn = aRole();
    const store = stores().of(ofRole(roleArn));
    await store.put('role/song', hi);
    vi.setSystemTime(Date.now() + 9 * 60_000);
    const url = new URL(await store.presign('role/song', { expiresInSeconds: 3600 }));
    const lifetime = Number(url.searchParams.get('X-Amz-Expires'));
    expect(lifetime).toBeGreaterThan(50 * 60);
    expect(lifetime).toBeLessThanOrEqual(51 * 60);
    expect(await (await fetch(url)).text()).toBe('hi');
    vi.setSystemTime(Date.now() + (lifetime - 1) * 1000);
    expect((await fetch(url)).status).toBe(200);
    vi.setSystemTime(Date.now() + 2000);
    expect((await fetch(url)).ok).toBe(false);
    const short = new URL(await store.presign('role/song', { expiresInSeconds: 60 }));
    expect(short.searchParams.get('X-Amz-Expires')).toBe('60');
  });

  it('that may not be assumed is denied, whatever is asked of it', async () => {
    const roleArn = aRole();
    world.distrustful.add(roleArn);
    const store = stores().of(ofRole(roleArn));
    const denied = {
      name: 'StorageError',
      kind: 'denied',
      operation: 'AssumeRole',
      message: expect.stringContaining('sts:AssumeRole'),
    };
    await expect(store.put('role/x', hi)).rejects.toMatchObject(denied);
    // And not "there is no such object", which nobody could have seen.
    await expect(store.get('role/x')).rejects.toMatchObject(denied);
    await expect(store.presign('role/x', { expiresInSeconds: 60 })).rejects.toMatchObject(denied);
    world.distrustful.clear();
    await store.put('role/x', hi);
  });

  it('says that STS does not answer', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_STS', 'http://127.0.0.1:1');
    const store = stores().of(ofRole(aRole()));
    await expect(store.get('role/x')).rejects.toMatchObject({ kind: 'unavailable', operation: 'AssumeRole' });
  });
});

describe('A storage with a secret', () => {
  it('is used with the keys that are in it', async () => {
    await world.createSecret('streamkeep/storages/foreign', foreignKeys({ note: 'of the vendor' }));
    const store = stores().of(ofSecret('streamkeep/storages/foreign'));
    await store.put('secret/a', hi);
    const url = await store.presign('secret/a', { expiresInSeconds: 60 });
    expect(await (await fetch(url)).text()).toBe('hi');
    expect(url).not.toContain(world.foreignKeys.secretAccessKey);
  });

  it('takes keys that have changed after minutes, and at once where it is tried out', async () => {
    fakeClock();
    await world.createSecret('rotated', foreignKeys());
    const all = stores();
    const store = all.of(ofSecret('rotated'));
    await store.put('secret/b', hi);
    await world.putSecret('rotated', foreignKeys({ secretAccessKey: 'no-longer-the-one' }));
    await store.get('secret/b');
    await expect(all.open(ofSecret('rotated')).get('secret/b')).rejects.toMatchObject({ kind: 'denied' });
    vi.setSystemTime(Date.now() + 3 * 60_000);
    await expect(store.get('secret/b')).rejects.toMatchObject({ kind: 'denied', operation: 'GetObject' });
    await world.putSecret('rotated', foreignKeys());
    vi.setSystemTime(Date.now() + 3 * 60_000);
    expect((await store.get('secret/b'))?.body).toEqual(hi);
  });

  it('that is not there is denied, and not taken for a missing object', async () => {
    await expect(stores().of(ofSecret('nowhere')).get('a')).rejects.toMatchObject({
      kind: 'denied',
      operation: 'GetSecretValue',
      message: expect.stringContaining('ResourceNotFoundException'),
    });
  });

  it.each([
    ['no JSON', 'AKIA:hunter2-hunter2'],
    ['a list', '["hunter2-hunter2"]'],
    ['without a key', '{"accessKeyId":"hunter2-hunter2"}'],
    ['with a line end', '{"accessKeyId":"a","secretAccessKey":"hunter2-hunter2\\n"}'],
    ['with a number', '{"accessKeyId":"a","secretAccessKey":"hunter2-hunter2","sessionToken":7}'],
  ])('that is %s is denied, and nothing of it is told', async (_, value) => {
    const name = `malformed-${Math.random()}`;
    await world.createSecret(name, value);
    const error: unknown = await stores()
      .of(ofSecret(name))
      .get('a')
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      kind: 'denied',
      operation: 'GetSecretValue',
      message: expect.stringContaining('accessKeyId and secretAccessKey'),
    });
    for (let cause = error; cause instanceof Error; cause = cause.cause) {
      expect(`${cause.stack} ${JSON.stringify(cause)}`).not.toContain('hunter2');
    }
  });
});

describe('A storage that is refused', () => {
  it('says so without the request that it refused, in which the session is', async () => {
    await world.createSecret(
      'wrong',
      foreignKeys({ secretAccessKey: 'wrong', sessionToken: 'hunter2-token' }),
    );
    const error: unknown = await stores()
      .of(ofSecret('wrong'))
      .put('a', hi)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ kind: 'denied', operation: 'PutObject' });
    const { stack, cause } = error as Error;
    expect(`${stack} ${JSON.stringify(cause)} ${(cause as Error).stack}`).not.toContain('hunter2');
  });
});

describe('An endpoint that a storage names', () => {
  const at = (endpoint: string) => ({ ...media({ endpoint, forcePathStyle: true }) });

  it('is reached at public addresses only', async () => {
    const { port } = new URL(world.s3.url);
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '2130706433', '169.254.169.254', '10.0.0.1']) {
      const store = stores([]).of(at(`http://${host}:${port}`));
      await expect(store.get('a')).rejects.toMatchObject({ kind: 'refused', operation: 'GetObject' });
      await expect(store.put('a', hi)).rejects.toMatchObject({ kind: 'refused' });
    }
    expect(await world.contents('media')).not.toContain('a');
  });

  it('is reached inside too, where the deployment allows it', async () => {
    const store = stores(['127.0.0.0/8']).of(at(world.s3.url));
    await store.put('allowed', hi);
    await store.delete('allowed');
  });

  it('is looked up by the policy for every connection', async () => {
    const policy = createAddressPolicy(LOOPBACK);
    const looked: string[] = [];
    const lookup: typeof policy.lookup = (host, ...rest) => {
      looked.push(host);
      policy.lookup(host, ...rest);
    };
    const { port } = new URL(world.s3.url);
    const bucket = at(`http://localhost:${port}`);
    await createStores({ ...policy, lookup })
      .of(bucket)
      .list('a');
    expect(looked).toEqual(['localhost']);
  });

  it('does not matter where the deployment’s own endpoint is', async () => {
    await stores([]).of(media()).put('own', hi);
  });
});
