import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { type AddressPolicy, AddressRefusedError } from '../../shared/net/address-policy.ts';
import { connectSource } from '../gate/connect.ts';
import { type Gate, openGate } from '../gate/gate.ts';
import { type HlsOptions, openHlsGate } from '../gate/hls/hls-gate.ts';
import type { Source } from '../gate/source.ts';
import { inputArgs } from './ffmpeg-args.ts';

/** A source that ffmpeg can be started on. */
export interface Input {
  readonly args: readonly string[];
  /** Absent for SRT, which is UDP: ffmpeg reads it itself. */
  readonly gate?: Gate;
}

// UDP cannot be relayed as an end of file; ffmpeg ends by its own timeout, in microseconds.
const SRT_TIMEOUT = 10_000_000;

const srtInput = async (source: Extract<Source, { kind: 'srt' }>, policy: AddressPolicy): Promise<Input> => {
  policy.check(source.host);
  const literal = source.host.replace(/^\[(.*)\]$/, '$1');
  const addresses =
    isIP(literal) === 0
      ? await lookup(source.host, { all: true })
      : [{ address: literal, family: isIP(literal) }];
  const vetted = addresses.find(({ address }) => policy.allows(address));
  if (vetted === undefined)
    throw new AddressRefusedError(`${source.host} is not an address that sources may have.`);
  const host = vetted.family === 6 ? `[${vetted.address}]` : vetted.address;
  const query = `${source.query}${source.query === '' ? '?' : '&'}mode=caller&timeout=${SRT_TIMEOUT}`;
  return { args: inputArgs({ ...source, host, query }, 0) };
};

/**
 * Connects to a source, to vetted addresses only, and opens the gate for ffmpeg.
 * @param onConnected called once, when an RTMP server has taken ffmpeg in as a reader
 * @param hls where in an HLS stream it begins
 */
export const openInput = async (
  source: Source,
  policy: AddressPolicy,
  onConnected?: () => void,
  hls: Omit<HlsOptions, 'policy'> = { age: undefined, memories: new Map() },
): Promise<Input> => {
  if (source.kind === 'srt') return srtInput(source, policy);
  if (source.kind === 'hls') {
    const gate = await openHlsGate(source.url, { ...hls, policy });
    return { args: inputArgs({ kind: 'hls', url: gate.url }, gate.port), gate };
  }
  const gate = await openGate(
    await connectSource(source, policy),
    source.kind === 'rtmp' ? onConnected : undefined,
  );
  return { args: inputArgs(source, gate.port), gate };
};
