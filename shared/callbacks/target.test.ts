import { describe, expect, it } from 'vitest';
import { createTargetPolicy } from './target.ts';

const strict = createTargetPolicy([]);
const local = createTargetPolicy(['127.0.0.0/8', '::1/128']);
const problemOf = (policy: typeof strict, url: string) => policy.problem(new URL(url));

describe('a target', () => {
  it.each([
    'https://hooks.example.com/streamkeep?a=b',
    'https://hooks.example.com:8443',
    'https://192.0.2.7/',
    'https://[2001:db8::7]/',
    // Names are looked up when something is sent.
    'https://localhost/',
  ])('may be %s', (url) => {
    expect(problemOf(strict, url)).toBeUndefined();
  });

  it.each([
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://[fd00:ec2::254]/',
    'https://10.1.2.3/',
    'https://192.168.0.1/',
    'https://[fe80::1]/',
    'https://0.0.0.0/',
  ])('may not be %s', (url) => {
    expect(problemOf(strict, url)).toMatch(/^must not be an internal address/);
  });

  it('is called over TLS, unless it is in a network that the operator has allowed', () => {
    expect(problemOf(strict, 'http://hooks.example.com/')).toBe('must begin with https://');
    expect(problemOf(strict, 'http://127.0.0.1/')).toBe('must begin with https://');
    expect(problemOf(local, 'http://127.0.0.1:9000/')).toBeUndefined();
    expect(problemOf(local, 'http://[::1]:9000/')).toBeUndefined();
    expect(problemOf(local, 'https://127.0.0.1:9000/')).toBeUndefined();
    expect(problemOf(local, 'http://192.0.2.7/')).toMatch(/^must begin with https:/);
    expect(problemOf(local, 'http://10.0.0.1/')).toMatch(/^must not be an internal address/);
  });

  it('may never be a metadata service, allowed or not', () => {
    const all = createTargetPolicy(['0.0.0.0/0', '::/0']);
    expect(problemOf(all, 'http://169.254.169.254/')).toMatch(/^must not be an internal address/);
    expect(problemOf(all, 'http://10.0.0.1/')).toBeUndefined();
  });

  it('without TLS may be an allowed address alone, also when its name is looked up', () => {
    const policy = createTargetPolicy(['10.0.0.0/8']);
    const { allows } = policy.addresses(new URL('http://hooks.internal/'));
    expect(allows('10.1.2.3')).toBe(true);
    expect(allows('192.0.2.7')).toBe(false);
    expect(policy.addresses(new URL('https://hooks.internal/')).allows('192.0.2.7')).toBe(true);
  });
});
