import { isIP } from 'node:net';
import {
  type AddressPolicy,
  AddressRefusedError,
  createAddressPolicy,
  type Resolve,
} from '../net/address-policy.ts';

export interface TargetPolicy {
  /** Why a URL is refused whatever its name resolves to; undefined: it may be tried. */
  problem(url: URL): string | undefined;
  /** Which addresses a request to this URL may be sent to. */
  addresses(url: URL): AddressPolicy;
}

/**
 * Where callbacks may be sent: to public addresses and to the networks that the operator allows. Without TLS, to the
 * latter alone.
 * @param allowedCidrs internal networks, such as `10.0.0.0/8`
 */
export const createTargetPolicy = (
  allowedCidrs: readonly string[],
  options: { readonly resolve?: Resolve } = {},
): TargetPolicy => {
  const secure = createAddressPolicy(allowedCidrs, options);
  const plain = createAddressPolicy(allowedCidrs, { ...options, onlyAllowed: true });
  const addresses = ({ protocol }: URL): AddressPolicy => (protocol === 'https:' ? secure : plain);

  const problem = (url: URL): string | undefined => {
    const isPlain = url.protocol !== 'https:';
    if (isPlain && allowedCidrs.length === 0) return 'must begin with https://';
    try {
      addresses(url).check(url.hostname);
      return undefined;
    } catch (error) {
      if (!(error instanceof AddressRefusedError)) throw error;
      const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
      return isPlain && isIP(host) !== 0 && secure.allows(host)
        ? 'must begin with https://: only the internal networks that the operator has allowed may be called without'
        : 'must not be an internal address, unless the operator has allowed its network';
    }
  };
  return { problem, addresses };
};
