import type { IncomingMessage, ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import { giveBack, handOn, type Injection, startProxy, tie } from './proxy.ts';
import type { Random } from './random.ts';
import { type S3Operation, type S3Request, s3RequestOf } from './s3-operation.ts';

export const S3_FAULTS = [
  /** Connections are refused, and those there are reset; when not everything is struck, each request is reset. */
  'refuse',
  /** The connection is reset in the middle of the body. */
  'reset',
  'internal-error',
  'slow-down',
  'access-denied',
  /** No answer, ever. */
  'hang',
  /** 50 kB/s for all together, for as long as it is injected. */
  'crawl',
  /** One bit of the body changes on its way. */
  'corrupt',
  /** What was stored is answered with another ETag. */
  'false-etag',
  /** It is done, and the connection is reset instead of an answer. */
  'lost-answer',
] as const;
export type S3Fault = (typeof S3_FAULTS)[number];

/** What a fault strikes; what is left out is no limit. */
export interface Struck {
  readonly buckets?: readonly string[];
  readonly operations?: readonly S3Operation[];
  readonly keys?: RegExp;
  /** Of each request, from 0 to 1. */
  readonly probability?: number;
}

export interface S3Proxy {
  readonly url: string;
  inject(fault: S3Fault, struck?: Struck): Injection;
  close(): Promise<void>;
}

interface Rule extends Struck {
  readonly fault: S3Fault;
  strikes: number;
}

const CRAWL_BYTES_PER_SECOND = 50_000;

const ANSWERS = {
  'internal-error': { status: 500, code: 'InternalError' },
  'slow-down': { status: 503, code: 'SlowDown' },
  'access-denied': { status: 403, code: 'AccessDenied' },
} as const;

const isAnswer = (fault: S3Fault): fault is keyof typeof ANSWERS => Object.hasOwn(ANSWERS, fault);

const answerWith = (
  fault: keyof typeof ANSWERS,
  incoming: IncomingMessage,
  response: ServerResponse,
): void => {
  const { status, code } = ANSWERS[fault];
  const xml = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>Injected.</Message></Error>`;
  // Only when it was all read, or the client would be busy writing and see a reset instead.
  incoming.on('end', () => response.writeHead(status, { 'content-type': 'application/xml' }).end(xml));
  incoming.resume();
};

/** Bytes of the body; about, when it has no length of its own. */
const lengthOf = ({ headers }: IncomingMessage): number =>
  Number(headers['content-length'] ?? headers['x-amz-decoded-content-length'] ?? 0);

/** Changes one bit of the body, somewhere; of an `aws-chunked` one that is hardly ever the frame of a chunk. */
const corrupting = (length: number, random: Random): Transform => {
  let offset = Math.floor(random.next() * length);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const changed = Buffer.from(chunk);
      if (offset >= 0 && offset < changed.length) changed.writeUInt8(changed.readUInt8(offset) ^ 1, offset);
      offset -= chunk.length;
      done(null, changed);
    },
  });
};

/** Lets the first `most` bytes pass, and then calls `then`. */
const upTo = (most: number, then: () => void): Transform => {
  let left = most;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const passed = chunk.subarray(0, left);
      left -= passed.length;
      if (passed.length > 0) this.push(passed);
      if (left > 0) return done();
      then();
    },
  });
};

/** Stands before an S3 server and breaks what passes through. */
export const startS3Proxy = async (target: string, random: Random): Promise<S3Proxy> => {
  const rules = new Set<Rule>();
  let crawlFreeAt = 0;
  /** Of the rules, those that shut the door. */
  const shut = new Set<Rule>();

  const crawling = (rule: Rule): Transform =>
    new Transform({
      transform(chunk: Buffer, _encoding, done) {
        if (!rules.has(rule)) return done(null, chunk);
        const now = performance.now();
        crawlFreeAt = Math.max(crawlFreeAt, now) + (chunk.length / CRAWL_BYTES_PER_SECOND) * 1000;
        setTimeout(() => done(null, chunk), crawlFreeAt - now);
      },
    });

  const striking = ({ operation, bucket, key }: S3Request): Rule | undefined =>
    [...rules].find(
      (rule) =>
        !shut.has(rule) &&
        (rule.buckets?.includes(bucket) ?? true) &&
        (rule.operations?.includes(operation) ?? true) &&
        (rule.keys?.test(key) ?? true) &&
        random.next() < (rule.probability ?? 1),
    );

  const bodyThrough = (rule: Rule, incoming: IncomingMessage): Transform | undefined => {
    const { fault } = rule;
    const length = lengthOf(incoming);
    if (fault === 'crawl') return crawling(rule);
    if (fault === 'corrupt') return corrupting(length, random);
    if (fault !== 'reset') return undefined;
    return upTo(Math.max(1, Math.floor(random.next() * length)), () => incoming.socket.resetAndDestroy());
  };

  const proxy = await startProxy((incoming, response) => {
    const isCopy = incoming.headers['x-amz-copy-source'] !== undefined;
    const rule = striking(s3RequestOf(incoming.method ?? '', incoming.url ?? '/', isCopy));
    const fault = rule?.fault;
    if (rule !== undefined) rule.strikes += 1;
    incoming.on('error', () => incoming.destroy());
    if (fault === 'hang') return;
    if (fault !== undefined && isAnswer(fault)) return answerWith(fault, incoming, response);
    if (fault === 'refuse' || (fault === 'reset' && lengthOf(incoming) === 0)) {
      incoming.socket.resetAndDestroy();
      return;
    }
    const upstream = handOn(incoming, target);
    tie(upstream, response);
    upstream.on('response', (answer) => {
      if (fault === 'lost-answer') {
        answer.resume().on('end', () => incoming.socket.resetAndDestroy());
        return;
      }
      if (fault === 'false-etag' && answer.headers.etag !== undefined)
        answer.headers.etag = `"${'0'.repeat(32)}"`;
      giveBack(answer, response);
    });
    const through = rule && bodyThrough(rule, incoming);
    if (through === undefined) incoming.pipe(upstream);
    else incoming.pipe(through).pipe(upstream);
  });

  return {
    url: proxy.url,
    inject: (fault, struck = {}) => {
      const rule: Rule = { ...struck, fault, strikes: 0 };
      rules.add(rule);
      if (fault === 'refuse' && Object.keys(struck).length === 0) {
        // What comes while it is shut is not counted, but that it was shut is.
        rule.strikes = Math.max(1, proxy.shut());
        shut.add(rule);
      }
      return {
        count: () => rule.strikes,
        stop: () => {
          rules.delete(rule);
          if (shut.delete(rule) && shut.size === 0) void proxy.open();
        },
      };
    },
    close: () => proxy.close(),
  };
};
