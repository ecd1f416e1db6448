import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { PushEvent } from '../../shared/events/stream-events.ts';
import { type FieldError, Problem } from '../../shared/problems/problem.ts';
import { bodyTooLarge, invalidRequest, notTakenNow } from '../../shared/problems/problems.ts';
import type { Domain } from '../../shared/schemas/domain.ts';
import { domainNameSchema } from '../../shared/schemas/names.ts';
import type { Telemetry } from '../common/telemetry.ts';
import type { Parsed } from './adapters/adapter.ts';
import { INGEST_ADAPTERS, isHttpAdapter } from './adapters/index.ts';
import { authenticate, type TokenPorts } from './authenticate.ts';
import { disabledDomain, otherAdapter, unknownAdapter, unknownDomain } from './problems.ts';
import type { PutDown } from './put-down.ts';
import { PATIENCE_MS, within } from './within.ts';

export interface IngestPorts extends TokenPorts {
  findDomain(domain: string): Promise<Domain | undefined>;
  readonly putDown: PutDown;
  /** Waits, a second at most, until the stream of a push that has begun is being recorded, if the domain wants that. */
  losslessStart(domain: Domain, event: PushEvent): Promise<void>;
  readonly telemetry: Telemetry;
  /** Milliseconds that table and queue may take together. */
  readonly patienceMs?: number;
}

const MOST_BODY_BYTES = 64 * 1024;

interface Answer {
  /** `unrecorded`: taken, but nothing will come of it. */
  readonly outcome: 'accepted' | 'ignored' | 'unrecorded';
  readonly errors?: readonly FieldError[];
}

const bodyOf = ({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): string => {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MOST_BODY_BYTES) throw bodyTooLarge(MOST_BODY_BYTES);
  return bytes.toString();
};

/** A callback of a domain, from one who may send it. */
const open = async (
  ports: IngestPorts,
  request: APIGatewayProxyEventV2,
): Promise<{ domain: Domain; parsed: Parsed; mayFail: boolean }> => {
  const { adapter = '', domain: name = '' } = request.pathParameters ?? {};
  if (!isHttpAdapter(adapter)) throw unknownAdapter(adapter, Object.keys(INGEST_ADAPTERS));
  const domainName = domainNameSchema.safeParse(name.toLowerCase());
  const domain = domainName.success ? await ports.findDomain(domainName.data) : undefined;

  const body = bodyOf(request);
  const query = new URLSearchParams(request.rawQueryString);
  // As the API got it: how long a publisher was away must not depend on how soon this function comes to its callbacks.
  const now = new Date(request.requestContext.timeEpoch);
  const signedAt = await authenticate(ports, { query, headers: request.headers, body }, domain, now);
  if (domain === undefined) throw unknownDomain(name);
  if (domain.adapter !== adapter) throw otherAdapter(adapter, domain.adapter);

  const { parse, endsPushUnlessOk } = INGEST_ADAPTERS[adapter];
  const { method } = request.requestContext.http;
  const parsed = parse({ method, query, body, at: signedAt ?? now }, domain.domain);
  return { domain, parsed, mayFail: !endsPushUnlessOk };
};

const take = async (ports: IngestPorts, request: APIGatewayProxyEventV2): Promise<Answer> => {
  const deadline = AbortSignal.timeout(ports.patienceMs ?? PATIENCE_MS);
  const { domain, parsed, mayFail } = await within(deadline, open(ports, request));
  if (parsed.type === 'ignored') return { outcome: 'ignored' };
  if (parsed.type === 'invalid') throw invalidRequest(parsed.errors);

  const says = parsed.type === 'event' ? parsed.event.type : parsed.says;
  // The end of a push must be heard in any case: it may have begun while the domain was enabled.
  if (!domain.enabled && says === 'started') throw disabledDomain(domain.domain);
  if (parsed.type === 'unusable') {
    if (mayFail) throw invalidRequest(parsed.errors);
    const { errors } = parsed;
    ports.telemetry.count('CallbacksUnrecorded');
    ports.telemetry.log.error('A stream cannot be recorded', { domain: domain.domain, says, errors });
    return { outcome: 'unrecorded', errors };
  }
  const { event } = parsed;
  await ports.putDown(event, deadline);
  if (event.type === 'started') await ports.losslessStart(domain, event);
  return { outcome: 'accepted' };
};

const problemAnswer = (problem: Problem): APIGatewayProxyStructuredResultV2 => ({
  statusCode: problem.status,
  headers: { 'content-type': 'application/problem+json', ...problem.headers },
  body: JSON.stringify(problem.document()),
});

/** SRS wants the code; the others look at the status alone. */
const okAnswer = (answer: Answer): APIGatewayProxyStructuredResultV2 => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ code: 0, ...answer }),
});

/**
 * Answers one callback of an ingest server: one read and at most one message and one write, with a token two reads. The answer is
 * 200 or a problem: node-media-server takes everything but 200 for a refusal, and nginx-rtmp follows redirects.
 * No stream fails because it cannot be recorded: refused are those who may not push, and what is no callback at all.
 */
export const createIngest =
  (ports: IngestPorts) =>
  async (request: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    const { telemetry } = ports;
    try {
      return okAnswer(await take(ports, request));
    } catch (error) {
      if (error instanceof Problem) {
        telemetry.count('CallbacksRefused');
        telemetry.log.warn('A callback was refused', { path: request.rawPath, problem: error.document() });
        return problemAnswer(error);
      }
      telemetry.count('CallbacksUnrecorded');
      telemetry.log.error('A callback could not be taken', { path: request.rawPath, cause: error });
      const { adapter = '' } = request.pathParameters ?? {};
      // The table is away, or it and the queue are. The publisher must not suffer, and the stream is found when they are back.
      const isLetIn = isHttpAdapter(adapter) && INGEST_ADAPTERS[adapter].endsPushUnlessOk;
      return isLetIn ? okAnswer({ outcome: 'unrecorded' }) : problemAnswer(notTakenNow());
    }
  };
