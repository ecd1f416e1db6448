import * as dns from 'node:dns';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AddressRefusedError, createAddressPolicy } from './address-policy.ts';

vi.mock('node:dns', () => ({ lookup: vi.fn() }));

const answers = (...addresses: string[]): void => {
  const all = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const lookup = (_host: string, _options: object, callback: (error: null, found: typeof all) => void) =>
    callback(null, all);
  vi.mocked(dns.lookup).mockImplementation(lookup as never);
};

const looksUp = (policy: ReturnType<typeof createAddressPolicy>, options = { all: false }) =>
  new Promise((resolve, reject) => {
    policy.lookup('host.example.com', options as never, (error, address) => {
      if (error) reject(error);
      else resolve(address);
    });
  });

const METADATA = [
  '169.254.169.254',
  '169.254.170.2',
  '::ffff:169.254.169.254',
  '::ffff:a9fe:a9fe',
  '::169.254.169.254',
  '64:ff9b::a9fe:a9fe',
  '2002:a9fe:a9fe::1',
  'fd00:ec2::254',
  'fd20:ce::254',
  'fe80::1',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '0.0.0.0',
  '::',
  '255.255.255.255',
  '224.0.0.1',
  'ff02::1',
];
const INTERNAL = [
  '127.0.0.1',
  '::1',
  '::ffff:127.0.0.1',
  '10.1.2.3',
  '172.31.0.1',
  '192.168.0.1',
  '100.64.0.1',
  'fd12::1',
];
const PUBLIC = ['1.1.1.1', '172.32.0.1', '2606:4700::1111', '::ffff:8.8.8.8', '169.253.0.1', '100.128.0.1'];

describe('The address policy', () => {
  afterEach(() => void vi.mocked(dns.lookup).mockReset());

  it.each(PUBLIC)('allows the public address %s', (address) => {
    expect(createAddressPolicy([]).allows(address)).toBe(true);
  });

  it.each([...METADATA, ...INTERNAL])('refuses %s', (address) => {
    expect(createAddressPolicy([]).allows(address)).toBe(false);
  });

  it('allows internal networks that the operator names, and these only', () => {
    const policy = createAddressPolicy(['10.0.0.0/8', 'fd12::/16']);
    expect(['10.1.2.3', '::ffff:10.1.2.3', 'fd12::1'].map(policy.allows)).toEqual([true, true, true]);
    expect(['127.0.0.1', '192.168.0.1', 'fd13::1'].map(policy.allows)).toEqual([false, false, false]);
  });

  it('never allows metadata services, whatever the operator names', () => {
    const policy = createAddressPolicy(['0.0.0.0/0', 'fc00::/7', 'fe80::/10']);
    expect(policy.allows('192.168.0.1')).toBe(true);
    const reached = [
      '169.254.169.254',
      '::ffff:169.254.169.254',
      'fd00:ec2::254',
      'fe80::1',
      '168.63.129.16',
    ];
    expect(reached.map(policy.allows)).toEqual(reached.map(() => false));
  });

  it.each([
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8/9',
    'fd00::/129',
    '/8',
    'host/8',
    '10.0.0.0/1e1',
  ])('takes no %j for a network', (cidr) => {
    expect(() => createAddressPolicy([cidr])).toThrow('is not a CIDR block');
  });

  it('refuses a host that is a refused address, in every form that a URL gives it', () => {
    const policy = createAddressPolicy([]);
    const hosts = [
      'http://2130706433/',
      'http://0x7f.1/',
      'http://0177.0.0.1/',
      'http://[::ffff:7f00:1]/',
      'http://169.254.43518/',
    ];
    for (const url of hosts) expect(() => policy.check(new URL(url).hostname)).toThrow(AddressRefusedError);
    expect(() => policy.check('[2606:4700::1111]')).not.toThrow();
    expect(() => policy.check('host.example.com')).not.toThrow();
  });

  it('resolves to the allowed addresses of a name only', async () => {
    answers('10.0.0.1', '93.184.216.34', '169.254.169.254', '2606:4700::1111');
    const policy = createAddressPolicy([]);
    expect(await looksUp(policy)).toBe('93.184.216.34');
    expect(await looksUp(policy, { all: true })).toEqual([
      { address: '93.184.216.34', family: 4 },
      { address: '2606:4700::1111', family: 6 },
    ]);
  });

  it('refuses a name that has internal addresses only', async () => {
    answers('127.0.0.1', '::1');
    await expect(looksUp(createAddressPolicy([]))).rejects.toThrow(AddressRefusedError);
  });

  it('passes on that a name is unknown', async () => {
    const unknown = (_host: string, _options: object, callback: (error: Error) => void) =>
      callback(new Error('ENOTFOUND'));
    vi.mocked(dns.lookup).mockImplementation(unknown as never);
    await expect(looksUp(createAddressPolicy([]))).rejects.toThrow('ENOTFOUND');
  });
});
