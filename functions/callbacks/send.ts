import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';
import type { Outcome } from '../../shared/callbacks/retry.ts';
import type { TargetPolicy } from '../../shared/callbacks/target.ts';
import { plainWords } from './plain-words.ts';

/** How long a target has, from looking its name up to the end of what is read of its answer. */
const TIMEOUT_SECONDS = 20;
/** What is read of an answer; the rest is not taken. */
const MOST_ANSWER_BYTES = 1024;
const MOST_CONTENT_TYPE = 200;

export interface CallbackRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type Send = (request: CallbackRequest) => Promise<Outcome>;

/** How an answer begins. Its status is known by now, so a body that breaks off or takes too long is cut there. */
const readBeginning = async (response: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MOST_ANSWER_BYTES) break;
    }
  } catch (error) {
    if (!(error instanceof Error)) throw error;
  }
  return Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES).toString('utf8');
};

const answered = async (response: IncomingMessage): Promise<Outcome> => ({
  type: 'answered',
  status: response.statusCode ?? 0,
  contentType: response.headers['content-type']?.slice(0, MOST_CONTENT_TYPE),
  retryAfter: response.headers['retry-after'],
  answer: await readBeginning(response),
});

/** Sends a POST request over a connection of its own, to an allowed address alone; follows no redirects. */
export const createSend =
  (policy: TargetPolicy, timeoutMs = TIMEOUT_SECONDS * 1000): Send =>
  async ({ url: text, headers, body }) => {
    const url = new URL(text);
    const problem = policy.problem(url);
    if (problem !== undefined) return { type: 'unanswered', error: `The URL ${problem}.` };
    const { request: open } = url.protocol === 'https:' ? https : http;
    const options = {
      method: 'POST',
      headers: { ...headers, 'content-length': Buffer.byteLength(body) },
      // Literal addresses have been checked above; names are checked when they are looked up.
      lookup: policy.addresses(url).lookup,
      agent: false,
      signal: AbortSignal.timeout(timeoutMs),
    };
    try {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        const request = open(url, options);
        request.once('response', resolve);
        request.on('error', reject);
        // Also after a switch of protocols, which is no answer. Does nothing once there is one.
        request.once('close', () => reject(new Error('There was no answer.')));
        request.end(body);
      });
      return await answered(response);
    } catch (error) {
      return { type: 'unanswered', error: plainWords(error, timeoutMs / 1000) };
    }
  };
