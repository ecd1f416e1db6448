import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { giveBack, handOn, type Injection, startProxy, tie } from './proxy.ts';
import type { Random } from './random.ts';

/** Probabilities, of each request, from 0 to 1; what is left out does not happen. */
export interface TableFault {
  /** Half of them as `ProvisionedThroughputExceededException`, half as `ThrottlingException`. */
  readonly throttled?: number;
  readonly failed?: number;
  /** The connection is reset before anything is done. */
  readonly away?: number;
  /** Done, but the connection is reset instead of an answer. */
  readonly unanswered?: number;
  /** Nothing is done, and no answer comes, as when a connection has died without a word. */
  readonly hung?: number;
  /** Each request waits up to so long before it is handed on. */
  readonly mostLatencyMs?: number;
  /** Only these operations, such as `PutItem`. */
  readonly operations?: readonly string[];
}

export interface TableProxy {
  readonly url: string;
  inject(fault: TableFault): Injection;
  close(): Promise<void>;
}

const THROTTLINGS = [
  'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
  'com.amazon.coral.availability#ThrottlingException',
];

const refuse = (response: ServerResponse, status: number, type: string): void => {
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'x-amzn-requestid': randomUUID(),
  });
  response.end(JSON.stringify({ __type: type, message: 'Injected.' }));
};

/** Stands before a DynamoDB endpoint and throttles, delays and fails what passes. */
export const startTableProxy = async (target: string, random: Random): Promise<TableProxy> => {
  let current: (TableFault & { strikes: number }) | undefined;

  const proxy = await startProxy((incoming, response) => {
    const operation = String(incoming.headers['x-amz-target'] ?? '').replace(/^.*\./, '');
    const fault = current?.operations?.includes(operation) === false ? undefined : current;
    const happens = (probability: number | undefined): boolean => {
      const does = probability !== undefined && random.next() < probability;
      if (does && fault !== undefined) fault.strikes += 1;
      return does;
    };
    incoming.on('error', () => incoming.destroy());
    if (happens(fault?.throttled)) {
      incoming.on('end', () => refuse(response, 400, random.pick(THROTTLINGS)));
      incoming.resume();
      return;
    }
    if (happens(fault?.failed)) {
      incoming.on('end', () => refuse(response, 500, 'com.amazonaws.dynamodb.v20120810#InternalServerError'));
      incoming.resume();
      return;
    }
    if (happens(fault?.away)) {
      incoming.socket.resetAndDestroy();
      return;
    }
    if (happens(fault?.hung)) {
      incoming.resume();
      return;
    }
    const isUnanswered = happens(fault?.unanswered);
    const pass = (): void => {
      const upstream = handOn(incoming, target);
      tie(upstream, response);
      upstream.on('response', (answer) => {
        if (isUnanswered) answer.resume().on('end', () => incoming.socket.resetAndDestroy());
        else giveBack(answer, response);
      });
      incoming.pipe(upstream);
    };
    const latencyMs = fault?.mostLatencyMs;
    if (latencyMs === undefined) return pass();
    if (fault !== undefined) fault.strikes += 1;
    setTimeout(pass, random.next() * latencyMs);
  });

  return {
    url: proxy.url,
    inject: (fault) => {
      const mine = { ...fault, strikes: 0 };
      current = mine;
      return {
        count: () => mine.strikes,
        stop: () => {
          if (current === mine) current = undefined;
        },
      };
    },
    close: () => proxy.close(),
  };
};
