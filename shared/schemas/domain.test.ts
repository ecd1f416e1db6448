import { describe, expect, it } from 'vitest';
import { ADAPTERS, type DomainInput, domainInputSchema, domainReplacementSchema } from './domain.ts';

const inputOf = (changes: Partial<DomainInput>) => ({
  domain: 'push.example.com',
  adapter: 'srs',
  source: { url: 'rtmp://origin.example.com/{app}/{stream}' },
  ...changes,
});
const fieldsOf = (changes: Partial<DomainInput>): string[] => {
  const { error } = domainInputSchema.safeParse(inputOf(changes));
  return error?.issues.map(({ path }) => path.join('.')) ?? [];
};
const api = { url: 'http://srs.internal:1985' };

describe('A domain', () => {
  it.each(ADAPTERS)('has nothing that its adapter has no use for: %s', (adapter) => {
    const domain = adapter === 'ivs' ? '123456789012.eu-west-1.ivs' : 'push.example.com';
    expect(fieldsOf({ adapter, domain })).toEqual([]);
    const holdsBack = ['nginx-rtmp', 'srs'].includes(adapter);
    expect(fieldsOf({ adapter, domain, losslessStart: true })).toEqual(holdsBack ? [] : ['losslessStart']);
    const isAskable = ['nginx-rtmp', 'node-media-server', 'srs', 'mediamtx'].includes(adapter);
    expect(fieldsOf({ adapter, domain, api })).toEqual(isAskable ? [] : ['api']);
  });

  it.each(['push.example.com', '12345.eu-west-1.ivs', '123456789012.ivs'])(
    'of Amazon IVS is named after account and region, not %s',
    (domain) => {
      expect(fieldsOf({ adapter: 'ivs', domain })).toEqual(['domain']);
    },
  );

  it('may be replaced without its name', () => {
    const { domain: _, ...rest } = inputOf({ adapter: 'ivs' });
    expect(domainReplacementSchema.safeParse(rest).success).toBe(true);
    expect(domainReplacementSchema.safeParse({ ...rest, losslessStart: true }).success).toBe(false);
  });
});
