import { get as httpGet, type IncomingMessage } from 'node:http';
import { get as httpsGet } from 'node:https';
import type { AddressPolicy } from '../net/address-policy.ts';

export interface AskOptions {
  readonly timeoutMs?: number;
  readonly mostBytes?: number;
}

/** From resolving the name to the last byte. */
const TIMEOUT_MS = 3000;
/** Some ten thousand streams. */
const MOST_BYTES = 8 * 1024 * 1024;

const bodyOf = async (response: IncomingMessage, mostBytes: number): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error(`The answer is longer than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
};

/**
 * Gets a document from an ingest server's API: at vetted addresses only, and without following redirects, which would
 * lead past the vetting.
 * @throws AddressRefusedError, or what went wrong; the message does not hold the URL
 */
export const ask = async (url: URL, policy: AddressPolicy, options: AskOptions = {}): Promise<string> => {
  const { timeoutMs = TIMEOUT_MS, mostBytes = MOST_BYTES } = options;
  policy.check(url.hostname);
  const get = url.protocol === 'https:' ? httpsGet : httpGet;
  const signal = AbortSignal.timeout(timeoutMs);
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  // No keep-alive: each question is resolved and vetted anew.
  const request = get(url, { agent: false, lookup: policy.lookup, signal }, resolve);
  // Stays for the body's time too: an error without a listener would end the process.
  request.on('error', reject);
  try {
    const response = await promise;
    if (response.statusCode !== 200) throw new Error(`The answer has the status ${response.statusCode}`);
    return await bodyOf(response, mostBytes);
  } catch (error) {
    if (signal.aborted) throw new Error(`There was no whole answer within ${timeoutMs} ms`, { cause: error });
    throw error;
  } finally {
    request.destroy();
  }
};
