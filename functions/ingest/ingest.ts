import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { StreamEvent } from '../../shared/events/stream-events.ts';
import { Problem } from '../../shared/problems/problem.ts';
import { bodyTooLarge, invalidRequest } from '../../shared/problems/problems.ts';
import { ADAPTERS, adapterSchema, type Domain } from '../../shared/schemas/domain.ts';
import { domainNameSchema } from '../../shared/schemas/names.ts';
import type { Telemetry } from '../common/telemetry.ts';
import type { Parsed } from './adapters/adapter.ts';
import { INGEST_ADAPTERS } from './adapters/index.ts';
import { disabledDomain, otherAdapter, unknownAdapter, unknownDomain, wrongSecret } from './problems.ts';
import { givenSecret, isSecret } from './secret.ts';

export interface IngestPorts {
  findDomain(domain: string): Promise<Domain | undefined>;
  queueStreamEvent(event: StreamEvent): Promise<void>;
  readonly telemetry: Telemetry;
  now(): Date;
}

const MOST_BODY_BYTES = 64 * 1024;

const bodyOf = ({ body = '', isBase64Encoded }: APIGatewayProxyEventV2): string => {
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes.length > MOST_BODY_BYTES) throw bodyTooLarge(MOST_BODY_BYTES);
  return bytes.toString();
};

const take = async (ports: IngestPorts, request: APIGatewayProxyEventV2): Promise<Parsed['type']> => {
  const { adapter = '', domain: name = '' } = request.pathParameters ?? {};
  const adapterName = adapterSchema.safeParse(adapter);
  if (!adapterName.success) throw unknownAdapter(adapter, ADAPTERS);
  const domainName = domainNameSchema.safeParse(name.toLowerCase());
  const domain = domainName.success ? await ports.findDomain(domainName.data) : undefined;
  if (domain === undefined) throw unknownDomain(name);

  const query = new URLSearchParams(request.rawQueryString);
  const secret = givenSecret(query, request.headers);
  if (secret === undefined || !isSecret(secret, domain.secretHash)) throw wrongSecret();
  if (domain.adapter !== adapterName.data) throw otherAdapter(adapter, domain.adapter);

  const { method } = request.requestContext.http;
  const callback = { method, query, body: bodyOf(request), receivedAt: ports.now() };
  const parsed = INGEST_ADAPTERS[domain.adapter](callback, domain.domain);
  if (parsed.type === 'invalid') throw invalidRequest(parsed.errors);
  if (parsed.type === 'event') {
    // The end of a push must be heard in any case: it may have begun while the domain was enabled.
    if (!domain.enabled && parsed.event.type === 'started') throw disabledDomain(domain.domain);
    await ports.queueStreamEvent(parsed.event);
  }
  return parsed.type;
};

/**
 * Answers one callback of an ingest server: at most one read and one message. The answer is 200 or a problem:
 * node-media-server takes everything but 200 for a refusal, and nginx-rtmp follows redirects.
 */
export const createIngest =
  (ports: IngestPorts) =>
  async (request: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> => {
    try {
      const outcome = await take(ports, request);
      return {
        statusCode: 200,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ outcome: outcome === 'event' ? 'accepted' : 'ignored' }),
      };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const document = error.document();
      ports.telemetry.count('CallbacksRefused');
      ports.telemetry.log.warn('A callback was refused', { path: request.rawPath, problem: document });
      return {
        statusCode: error.status,
        headers: { 'content-type': 'application/problem+json', ...error.headers },
        body: JSON.stringify(document),
      };
    }
  };
