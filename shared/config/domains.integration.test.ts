import { beforeAll, describe, expect, it } from 'vitest';
import { useTable } from '../../test/support/table.ts';
import { type ConfigWorld, createConfigWorld } from './config.fixture.ts';
import { domainKey } from './keys.ts';

const table = useTable();
let world: ConfigWorld;
beforeAll(() => {
  world = createConfigWorld(table);
});

const inputOf = (domain: string) => {
  const { secret: _, ...input } = world.domainInput(domain);
  return input;
};

describe('Domains', () => {
  it('are made once', async () => {
    const { domain } = await world.aDomain();
    await expect(world.aDomain(domain)).rejects.toThrow('exists');
  });

  it('hold the hash of their secret, and keep it when they are replaced without one', async () => {
    const { domains } = world;
    const made = await world.aDomain();
    expect(made.secretHash).toMatch(/^[0-9a-f]{64}$/);
    expect(JSON.stringify(made)).not.toContain('a-secret-of-sixteen');
    const input = inputOf(made.domain);
    expect(await domains.replace({ ...input, enabled: false })).toMatchObject({ type: 'replaced' });
    expect(await domains.get(made.domain)).toEqual({ ...made, enabled: false });
    await domains.replace({ ...input, secret: 'another-secret-of-ours' });
    expect((await domains.get(made.domain))?.secretHash).not.toBe(made.secretHash);
  });

  it('get another secret, and nothing else', async () => {
    const { domains } = world;
    const made = await world.aDomain();
    expect(await domains.rotateSecret(made.domain, 'another-secret-of-ours')).toMatchObject({
      type: 'replaced',
    });
    const rotated = await domains.get(made.domain);
    expect(rotated).toEqual({ ...made, secretHash: rotated?.secretHash });
    expect(rotated?.secretHash).not.toBe(made.secretHash);
    expect(await domains.rotateSecret('none.example.com', 'x')).toEqual({ type: 'missing' });
  });

  it('cannot be replaced or removed when they are not there', async () => {
    const { domains } = world;
    const { domain } = await world.aDomain();
    await domains.remove(domain);
    expect(await domains.replace(inputOf(domain))).toEqual({ type: 'missing' });
    expect(await domains.remove(domain)).toEqual({ type: 'missing' });
  });

  it('are changed by one of two who have read the same version', async () => {
    const { domains } = world;
    const { domain } = await world.aDomain();
    const version = (await domains.getVersioned(domain))?.version ?? '';
    const changes = await Promise.all([
      domains.replace({ ...inputOf(domain), enabled: false }, version),
      domains.replace(inputOf(domain), version),
    ]);
    expect(changes.map(({ type }) => type).sort()).toEqual(['changed', 'replaced']);
    expect(await domains.remove(domain, version)).toEqual({ type: 'changed' });
    expect(await domains.replace(inputOf(domain), '*')).toMatchObject({ type: 'replaced' });
    const last = (await domains.getVersioned(domain))?.version ?? '';
    expect(await domains.remove(domain, last)).toMatchObject({ type: 'removed' });
  });

  it('of a wrong shape are refused when they are read', async () => {
    await world.put({
      ...domainKey('broken.example.com'),
      domain: 'broken.example.com',
      adapter: 'gopher',
      writeId: '1',
    });
    await expect(world.domains.get('broken.example.com')).rejects.toThrow('adapter');
  });
});
