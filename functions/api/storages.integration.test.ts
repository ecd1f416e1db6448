import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createAddressPolicy } from '../../shared/net/address-policy.ts';
import { createStores } from '../../shared/storage/stores.ts';
import { type Answer, startApi, type TestApi } from '../../test/support/api.ts';
import { type StorageWorld, startStorageWorld } from '../../test/support/storage-world.ts';

let world: StorageWorld;
let api: TestApi;
beforeAll(async () => {
  world = await startStorageWorld();
  api = await startApi(createStores(createAddressPolicy(['127.0.0.0/8'])));
});
afterAll(async () => {
  await api.close();
  await world.close();
});
afterEach(async () => {
  world.denied.clear();
  world.distrustful.clear();
  expect(await world.contents('media')).toEqual([]);
});

let count = 0;
const unique = (name: string): string => {
  count += 1;
  return `${name}-${count}`;
};
const body = (more: object = {}) => ({
  name: unique('store'),
  bucket: 'media',
  region: 'us-east-1',
  ...more,
});
const post = (more: object = {}): Promise<Answer> => api.call('POST', '/v1/storages', { body: body(more) });
const made = (answer: Answer) => {
  if (answer.status !== 201) throw new Error(`Answered ${answer.status}: ${answer.text}`);
  return { ...answer.json, etag: String(answer.headers.etag) };
};
const aStorage = async (more: object = {}) => made(await post({ default: false, ...more }));
const pathOf = ({ storageId }: { storageId: string }) => `/v1/storages/${storageId}`;
const put = (storage: { storageId: string }, input: object, etag: string): Promise<Answer> =>
  api.call('PUT', pathOf(storage), { body: input, headers: { 'if-match': etag } });
const inputOf = ({
  storageId: _,
  checkedAt: _c,
  createdAt: _r,
  default: _d,
  etag: _e,
  ...input
}: Record<string, unknown>) => input;
const errorsOf = ({ json }: Answer): { field: string; message: string; given?: string }[] => json.errors;
const templateOn = async (storageId: string): Promise<string> => {
  const template = { name: unique('template'), formats: { mp4: {} }, storage: { primary: storageId } };
  return made(await api.call('POST', '/v1/templates', { body: template })).templateId;
};

const EVERY_OBJECT = [
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:GetObject',
  's3:ListMultipartUploadParts',
  's3:ListBucketMultipartUploads',
  's3:PutObject',
];

describe('The check of a storage', () => {
  it.each(EVERY_OBJECT)('names %s when S3 denies it', async (permission) => {
    world.denied.add(permission);
    const answer = await post();
    expect(answer).toMatchObject({
      status: 422,
      json: { type: 'urn:streamkeep:problem:storage-check-failed' },
    });
    expect(errorsOf(answer)).toEqual([
      {
        in: 'body',
        field: 'bucket',
        given: 'media',
        message: expect.stringContaining(`must allow ${permission} on media/*. `),
      },
    ]);
  });

  it('names s3:ListBucket, and no other permission that then looks as if it were missing', async () => {
    world.denied.add('s3:ListBucket');
    expect(errorsOf(await post()).map(({ message }) => message)).toEqual([
      expect.stringContaining('must allow s3:ListBucket on media itself. '),
    ]);
  });

  it('names all that are missing in one answer', async () => {
    for (const permission of [...EVERY_OBJECT, 's3:ListBucket']) world.denied.add(permission);
    const named = errorsOf(await post()).map(({ message }) => /s3:\w+/.exec(message)?.[0]);
    expect(named.sort()).toEqual([...EVERY_OBJECT, 's3:ListBucket'].sort());
  });

  it('can be repeated, and tells what has been taken away since', async () => {
    const storage = await aStorage();
    api.clock = new Date('2026-11-22T13:00:00.000Z');
    const checked = await api.call('POST', `${pathOf(storage)}/check`);
    expect(checked).toMatchObject({ status: 200, json: { checkedAt: '2026-11-22T13:00:00.000Z' } });
    expect(checked.headers.etag).toBe(storage.etag);
    world.denied.add('s3:DeleteObject');
    expect(errorsOf(await api.call('POST', `${pathOf(storage)}/check`))).toHaveLength(1);
    expect((await api.call('POST', '/v1/storages/sto_none/check')).status).toBe(404);
  });

  it('says that there is no such bucket', async () => {
    expect(errorsOf(await post({ bucket: 'no-such-bucket' }))).toEqual([
      expect.objectContaining({ field: 'bucket', message: expect.stringContaining('must exist') }),
    ]);
  });

  it('says that an endpoint does not answer', async () => {
    expect(errorsOf(await post({ endpoint: 'http://127.0.0.1:1', forcePathStyle: true }))).toEqual([
      expect.objectContaining({ field: 'endpoint', message: expect.stringContaining('ECONNREFUSED') }),
    ]);
  });

  it.each(['http://169.254.169.254/latest', 'http://10.0.0.1:9000', 'https://[fd00:ec2::254]'])(
    'does not touch %s',
    async (endpoint) => {
      expect(errorsOf(await post({ endpoint, forcePathStyle: true }))).toEqual([
        expect.objectContaining({
          field: 'endpoint',
          message: expect.stringContaining('storageAllowedCidrs'),
        }),
      ]);
    },
  );
});

describe('Storages with credentials', () => {
  const roleArn = 'arn:aws:iam::123456789012:role/media';

  it('are made with a role, and show it', async () => {
    const credentials = { type: 'role', roleArn, externalId: 'agreed' };
    const storage = await aStorage({ credentials });
    expect(storage.credentials).toEqual(credentials);
    expect(world.assumed.at(-1)).toEqual({ arn: roleArn, externalId: 'agreed' });
    expect((await api.call('GET', pathOf(storage))).json.credentials).toEqual(credentials);
  });

  it('tell when the role may not be assumed', async () => {
    world.distrustful.add(roleArn);
    expect(errorsOf(await post({ credentials: { type: 'role', roleArn } }))).toEqual([
      {
        in: 'body',
        field: 'credentials.roleArn',
        given: roleArn,
        message: expect.stringMatching(/sts:AssumeRole.*trust policy.*storageRoles/),
      },
    ]);
  });

  it('are made with a secret, of which only the name is ever shown', async () => {
    await world.createSecret('vendor', JSON.stringify(world.foreignKeys));
    const credentials = { type: 'secret', secretId: 'vendor' };
    const input = body({ endpoint: world.foreign.url, forcePathStyle: true, credentials, default: false });
    const storage = made(await api.call('POST', '/v1/storages', { body: input }));
    const { accessKeyId, secretAccessKey } = world.foreignKeys;
    const answers = [
      await api.call('GET', pathOf(storage)),
      await api.call('GET', '/v1/storages?limit=100'),
      await api.call('POST', `${pathOf(storage)}/check`),
      await put(storage, input, storage.etag),
    ];
    await world.putSecret('vendor', JSON.stringify({ accessKeyId, secretAccessKey: 'changed-and-wrong' }));
    answers.push(await api.call('POST', `${pathOf(storage)}/check`));
    await world.putSecret('vendor', `{"accessKeyId":"${accessKeyId}",${secretAccessKey}`);
    answers.push(await api.call('POST', `${pathOf(storage)}/check`), await post({ credentials }));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 422, 422, 422]);
    for (const text of [...answers.map((answer) => answer.text), ...api.logged, JSON.stringify(storage)]) {
      expect(text).not.toContain(accessKeyId);
      expect(text).not.toContain(secretAccessKey);
      expect(text).not.toContain('changed-and-wrong');
    }
  });

  it('tell when the secret is missing', async () => {
    const answer = await post({ credentials: { type: 'secret', secretId: 'streamkeep/storages/none' } });
    expect(errorsOf(answer)).toEqual([
      {
        in: 'body',
        field: 'credentials.secretId',
        given: 'streamkeep/storages/none',
        message: expect.stringContaining('secretsmanager:GetSecretValue'),
      },
    ]);
  });

  it.each([
    [{ credentials: { type: 'keys', accessKeyId: 'AKIA', secretAccessKey: 'hunter2' } }, 'credentials.type'],
    [{ credentials: { type: 'role', roleArn: 'media' } }, 'credentials.roleArn'],
    [{ credentials: { type: 'role', roleArn: 'arn:aws:iam::123456789012:role/*' } }, 'credentials.roleArn'],
    [{ credentials: { type: 'secret', secretId: 'a b' } }, 'credentials.secretId'],
    [{ credentials: { type: 'secret', secretId: 'a', value: 'hunter2' } }, 'credentials.value'],
    [{ endpoint: 'https://user:hunter2@s3.example.com' }, 'endpoint'],
    [{ endpoint: 'https://s3.example.com/?key=hunter2' }, 'endpoint'],
    [{ default: 'yes' }, 'default'],
  ])('%j are refused', async (change, field) => {
    const answer = await post(change);
    expect(answer.status).toBe(400);
    expect(errorsOf(answer).map((error) => error.field)).toContain(field);
    expect(answer.text).not.toContain('hunter2');
  });
});

describe('Replacing a storage', () => {
  it('changes name, endpoint and credentials after a check', async () => {
    const storage = await aStorage();
    const input = {
      ...inputOf(storage),
      name: unique('renamed'),
      endpoint: world.s3.url,
      forcePathStyle: true,
    };
    api.clock = new Date('2026-11-22T14:00:00.000Z');
    const replaced = await put(storage, input, storage.etag);
    expect(replaced).toMatchObject({
      status: 200,
      json: { ...input, checkedAt: '2026-11-22T14:00:00.000Z' },
    });
    expect(replaced.headers.etag).not.toBe(storage.etag);
    const { json, headers } = await api.call('GET', pathOf(storage));
    expect([json, headers.etag]).toEqual([replaced.json, replaced.headers.etag]);
    // The name before is free again.
    await aStorage({ name: storage.name });
  });

  it('is refused for a version that is not the latest, and without one', async () => {
    const storage = await aStorage();
    const input = { ...inputOf(storage), name: unique('mine') };
    const { headers } = await put(storage, input, storage.etag);
    expect((await put(storage, input, storage.etag)).status).toBe(412);
    expect((await api.call('PUT', pathOf(storage), { body: input })).status).toBe(428);
    expect((await put(storage, input, String(headers.etag))).status).toBe(200);
    expect((await put(storage, input, '*')).status).toBe(200);
    expect((await put({ storageId: 'sto_none' }, input, '*')).status).toBe(404);
  });

  it('is refused when the new one cannot be used, and leaves the old one', async () => {
    const storage = await aStorage();
    expect((await put(storage, { ...inputOf(storage), bucket: 'none' }, storage.etag)).status).toBe(422);
    expect((await api.call('GET', pathOf(storage))).headers.etag).toBe(storage.etag);
  });

  it('is refused a name that another one has', async () => {
    const [one, other] = [await aStorage(), await aStorage()];
    expect(await put(one, { ...inputOf(one), name: other.name }, one.etag)).toMatchObject({
      status: 409,
      json: { type: 'urn:streamkeep:problem:name-taken' },
    });
  });

  it('leaves bucket and region while templates record to it', async () => {
    const storage = await aStorage({
      endpoint: world.foreign.url,
      forcePathStyle: true,
      ...(await ownKeys()),
    });
    const templateId = await templateOn(storage.storageId);
    const moved = { ...inputOf(storage), bucket: 'other' };
    await world.makeBucket('other');
    const taken = { status: 409, json: { type: 'urn:streamkeep:problem:in-use', usedBy: [templateId] } };
    expect(await put(storage, { ...moved, name: unique('moved') }, storage.etag)).toMatchObject(taken);
    // A refusal changes nothing, the version included.
    const renamed = await put(storage, { ...inputOf(storage), name: unique('renamed') }, storage.etag);
    expect(renamed.status).toBe(200);
    expect((await api.call('DELETE', pathOf(storage))).status).toBe(409);
    await api.call('DELETE', `/v1/templates/${templateId}`);
    expect(await put(storage, moved, String(renamed.headers.etag))).toMatchObject({
      status: 200,
      json: { bucket: 'other' },
    });
  });
});

const ownKeys = async () => {
  const secretId = unique('keys');
  await world.createSecret(secretId, JSON.stringify(world.foreignKeys));
  return { credentials: { type: 'secret', secretId } };
};

describe('The default storage', () => {
  let fresh: TestApi;
  const call = (method: string, path: string, input?: object, headers: Record<string, string> = {}) =>
    fresh.call(method, path, { headers, ...(input === undefined ? {} : { body: input }) });
  const create = async (more: object = {}) => made(await call('POST', '/v1/storages', body(more)));
  const now = async (): Promise<string[]> => {
    const { json } = await call('GET', '/v1/storages?limit=100');
    return json.items
      .filter((item: { default: boolean }) => item.default)
      .map((item: { name: string }) => item.name);
  };
  afterEach(() => fresh.close());

  it('is the first one that is made, until another one is chosen', async () => {
    fresh = await startApi();
    const [first, second] = [await create(), await create()];
    expect([first.default, second.default]).toEqual([true, false]);
    const third = await create({ default: true });
    expect([third.default, await now()]).toEqual([true, [third.name]]);
    expect((await call('GET', pathOf(second))).json.default).toBe(false);
    const chosen = await call(
      'PUT',
      pathOf(second),
      { ...inputOf(second), default: true },
      { 'if-match': second.etag },
    );
    expect([chosen.json.default, await now()]).toEqual([true, [second.name]]);
  });

  it('stays when its storage is changed without a word about it', async () => {
    fresh = await startApi();
    const first = await create();
    const renamed = { ...inputOf(first), name: unique('renamed') };
    const kept = await call('PUT', pathOf(first), renamed, { 'if-match': first.etag });
    expect(kept.json.default).toBe(true);
    const given = { ...renamed, default: false };
    const none = await call('PUT', pathOf(first), given, { 'if-match': String(kept.headers.etag) });
    expect([none.json.default, await now()]).toEqual([false, []]);
  });

  it('is none when the first one does not want to be it, or when it is deleted', async () => {
    fresh = await startApi();
    await create({ default: false });
    expect([(await create()).default, await now()]).toEqual([false, []]);
    const chosen = await create({ default: true });
    expect((await call('DELETE', pathOf(chosen))).status).toBe(204);
    expect([await now(), (await create()).default]).toEqual([[], false]);
  });

  it('is part of the version that is seen', async () => {
    fresh = await startApi();
    const first = await create();
    await create({ default: true });
    const before = { 'if-match': first.etag };
    // Whoever read it as the default one must not make it that again unseen.
    expect((await call('PUT', pathOf(first), { ...inputOf(first), default: true }, before)).status).toBe(412);
    expect((await call('DELETE', pathOf(first), undefined, before)).status).toBe(412);
    const { headers } = await call('GET', pathOf(first));
    const latest = { 'if-match': String(headers.etag) };
    expect((await call('DELETE', pathOf(first), undefined, latest)).status).toBe(204);
    expect((await call('DELETE', pathOf(first), undefined, latest)).status).toBe(404);
  });

  it('is one, however many are made or chosen at once', async () => {
    fresh = await startApi();
    const storages = await Promise.all(Array.from({ length: 8 }, () => create()));
    expect(storages.filter((storage) => storage.default)).toHaveLength(1);
    expect(await now()).toHaveLength(1);
    await Promise.all([
      ...storages.map((one) =>
        call('PUT', pathOf(one), { ...inputOf(one), default: true }, { 'if-match': '*' }),
      ),
      ...Array.from({ length: 4 }, () => create({ default: true })),
    ]);
    expect(await now()).toHaveLength(1);
  });
});
