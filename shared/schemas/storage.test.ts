import { describe, expect, it } from 'vitest';
import { storageInputSchema } from './storage.ts';

const fieldsOf = (endpoint: string): string[] => {
  const input = { name: 'main', bucket: 'my-recordings', region: 'eu-central-1', endpoint };
  const { error } = storageInputSchema.safeParse(input);
  return error?.issues.map(({ path }) => path.join('.')) ?? [];
};

describe('The endpoint of a storage', () => {
  it('is a host with http or https, and perhaps a path', () => {
    expect(fieldsOf('https://s3.example.com:9000/objects')).toEqual([]);
    expect(new Set(fieldsOf('ftp://s3.example.com'))).toEqual(new Set(['endpoint']));
  });

  it.each(['https://me:key@s3.example.com', 'https://s3.example.com?key=1', 'https://s3.example.com#key'])(
    'holds no secret, as in %s',
    (endpoint) => {
      expect(fieldsOf(endpoint)).toEqual(['endpoint']);
    },
  );

  it('is refused however long it is', () => {
    const endless = `http://whsec_${'A'.repeat(30_000)}!`;
    expect(new Set(fieldsOf(endless))).toEqual(new Set(['endpoint']));
  });
});
