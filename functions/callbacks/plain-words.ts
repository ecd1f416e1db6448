import { AddressRefusedError } from '../../shared/net/address-policy.ts';

const CONNECTION: Readonly<Record<string, string>> = {
  ENOTFOUND: 'The name of the target has no address.',
  EAI_AGAIN: 'The name of the target could not be looked up.',
  ECONNREFUSED: 'The target refused the connection.',
  ECONNRESET: 'The target broke the connection off.',
  EPROTO: 'The target does not speak TLS.',
  EPIPE: 'The target broke the connection off.',
  ETIMEDOUT: 'The target could not be reached.',
  EHOSTUNREACH: 'The target could not be reached.',
  ENETUNREACH: 'The target could not be reached.',
  CERT_HAS_EXPIRED: 'The certificate of the target has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate of the target is for another name.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'The certificate of the target is signed by nobody that is trusted.',
  SELF_SIGNED_CERT_IN_CHAIN: 'The certificate of the target is signed by nobody that is trusted.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'The certificate of the target is signed by nobody that is trusted.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'The certificate of the target is signed by nobody that is trusted.',
  HPE_HEADER_OVERFLOW: 'The headers of the answer are too long.',
};

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

/**
 * Why a request had no answer. Never the error's own message, which may name internal addresses.
 * @param seconds that the target had
 */
export const plainWords = (error: unknown, seconds: number): string => {
  if (error instanceof AddressRefusedError) {
    return 'The address of the target is internal, and its network is not allowed.';
  }
  const code = codeOf(error);
  if (code === 'ABORT_ERR') return `There was no answer within ${seconds} s.`;
  if (code?.startsWith('HPE_') && code !== 'HPE_HEADER_OVERFLOW') return 'The answer is not HTTP.';
  if (code === undefined) return 'The target broke the connection off.';
  return CONNECTION[code] ?? `The request failed (${code}).`;
};
