import { lookup as dnsLookup, type LookupAddress, type LookupAllOptions } from 'node:dns';
import { BlockList, isIP, isIPv6, type LookupFunction } from 'node:net';

/** The address of a source is one that a recorder must not connect to. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

type Subnet = readonly [network: string, prefix: number];

// Metadata services, this host's own "any" address, multicast and broadcast: no stream comes from there, ever.
const NEVER: readonly Subnet[] = [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['100.100.100.200', 32],
  ['168.63.129.16', 32],
  ['192.0.0.192', 32],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  ['::', 128],
  ['fe80::', 10],
  ['fd00:ec2::', 32],
  ['fd20:ce::254', 128],
  ['ff00::', 8],
];

// The recorder's own network: only where the operator has allowed it.
const INTERNAL: readonly Subnet[] = [
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  // Loopback, and forms of IPv6 that carry an IPv4 address to somewhere else (compatible, NAT64, 6to4).
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['2002::', 16],
  ['fc00::', 7],
];

const listOf = (subnets: readonly Subnet[]): BlockList => {
  const list = new BlockList();
  for (const [network, prefix] of subnets) list.addSubnet(network, prefix, isIPv6(network) ? 'ipv6' : 'ipv4');
  return list;
};

const parseCidr = (cidr: string): Subnet => {
  const [, network = '', prefix] = /^([0-9A-Fa-f.:]+)\/(\d{1,3})$/.exec(cidr) ?? [];
  const family = isIP(network);
  const bits = Number(prefix);
  const most = family === 6 ? 128 : 32;
  if (family === 0 || bits > most) {
    throw new Error(`${cidr} is not a CIDR block, such as 10.0.0.0/8`);
  }
  return [network, bits];
};

export interface AddressPolicy {
  allows(address: string): boolean;
  /** For `net`, `tls` and `http`: resolves to allowed addresses only, so that a changed DNS answer gains nothing. */
  readonly lookup: LookupFunction;
  /** @throws AddressRefusedError when the host is a literal address that is not allowed */
  check(host: string): void;
}

/** All addresses of a host, as `node:dns` finds them. */
export type Resolve = (
  host: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

export interface AddressPolicyOptions {
  /** Nothing but the allowed networks: no public address either. */
  readonly onlyAllowed?: boolean;
  readonly resolve?: Resolve;
}

/** @param allowedCidrs internal networks that sources may be in, such as `10.0.0.0/8` */
export const createAddressPolicy = (
  allowedCidrs: readonly string[],
  { onlyAllowed = false, resolve = dnsLookup }: AddressPolicyOptions = {},
): AddressPolicy => {
  const never = listOf(NEVER);
  const internal = listOf(INTERNAL);
  const allowed = listOf(allowedCidrs.map(parseCidr));

  // BlockList sees through IPv4-mapped IPv6 addresses (::ffff:127.0.0.1) by itself.
  const allows = (address: string): boolean => {
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (never.check(address, family)) return false;
    if (allowed.check(address, family)) return true;
    return !onlyAllowed && !internal.check(address, family);
  };
  const refused = (host: string) =>
    new AddressRefusedError(`${host} is not an address that may be connected to.`);

  const lookup: LookupFunction = (host, options, callback) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, '', 0);
      const usable = addresses.filter(({ address }) => allows(address));
      const [first] = usable;
      if (first === undefined) return callback(refused(host), '', 0);
      if (options.all) return callback(null, usable);
      callback(null, first.address, first.family);
    });
  };
  const check = (host: string): void => {
    const literal = host.replace(/^\[(.*)\]$/, '$1');
    if (isIP(literal) !== 0 && !allows(literal)) throw refused(host);
  };
  return { allows, lookup, check };
};
