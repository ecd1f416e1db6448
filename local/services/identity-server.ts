import { hash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { authenticate } from '../s3/auth/authenticate.ts';
import { makeSession } from '../s3/auth/sessions.ts';
import { S3Error } from '../s3/errors.ts';
import { parseRequest } from '../s3/request.ts';
import { leaf } from '../s3/xml.ts';
import { type Credentials, LOCAL_REGION } from './credentials.ts';
import { openSecrets, type Secrets, SecretsError } from './secrets.ts';

export interface IdentityServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface IdentityOptions {
  /** Where secrets are kept, for their owner alone. */
  readonly secretsFile: string;
  readonly credentials: Credentials;
  /** Whether a role trusts the caller. @default every role does */
  readonly trusts?: (role: { readonly arn: string; readonly externalId: string | undefined }) => boolean;
  /** Milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** Told of faults of the server itself (answered with 500). */
  readonly onFault: (error: unknown) => void;
}

interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

const xml = (status: number, body: string): Answer => ({ status, type: 'text/xml', body });
const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/x-amz-json-1.1',
  body: JSON.stringify(body),
});

/** Signatures are made as for S3, only that the hash of the body is not sent. */
const verify = (message: IncomingMessage, body: string, service: string, options: IdentityOptions): void => {
  const request = parseRequest(message, () => undefined);
  const headers = { ...request.headers, 'x-amz-content-sha256': hash('sha256', body) };
  const { credentials, now = Date.now } = options;
  authenticate({ ...request, headers }, { credentials, now, service, region: LOCAL_REGION });
};

const stsError = (status: number, code: string, message: string): Answer =>
  xml(
    status,
    `<ErrorResponse><Error>${leaf('Code', code)}${leaf('Message', message)}</Error></ErrorResponse>`,
  );

const assumeRole = (body: string, { credentials, trusts, now = Date.now }: IdentityOptions): Answer => {
  const form = new URLSearchParams(body);
  if (form.get('Action') !== 'AssumeRole') return stsError(400, 'InvalidAction', 'It is not emulated');
  const arn = form.get('RoleArn') ?? '';
  if (trusts?.({ arn, externalId: form.get('ExternalId') ?? undefined }) === false) {
    return stsError(403, 'AccessDenied', `Not authorized to perform: sts:AssumeRole on resource: ${arn}`);
  }
  const expiresAt = now() + Number(form.get('DurationSeconds') ?? 3600) * 1000;
  const session = makeSession(credentials, arn, expiresAt);
  const given = [
    leaf('AccessKeyId', session.accessKeyId),
    leaf('SecretAccessKey', session.secretAccessKey),
    leaf('SessionToken', session.sessionToken),
    leaf('Expiration', new Date(expiresAt).toISOString()),
  ];
  const result = `<AssumeRoleResult><Credentials>${given.join('')}</Credentials></AssumeRoleResult>`;
  return xml(200, `<AssumeRoleResponse>${result}</AssumeRoleResponse>`);
};

const answerSecrets = async (secrets: Secrets, target: string, body: string): Promise<Answer> => {
  try {
    return json(200, await secrets.perform(target, JSON.parse(body)));
  } catch (error) {
    if (!(error instanceof SecretsError)) throw error;
    return json(400, { __type: error.code, message: error.message });
  }
};

/** STS and Secrets Manager, as far as storages need them, on a free loopback port. */
export const startIdentityServer = async (options: IdentityOptions): Promise<IdentityServer> => {
  const secrets = await openSecrets(options.secretsFile);

  const answer = async (message: IncomingMessage): Promise<Answer> => {
    const body = await text(message);
    const [service, target] = `${message.headers['x-amz-target'] ?? ''}`.split('.');
    const isSecrets = service === 'secretsmanager';
    try {
      verify(message, body, isSecrets ? 'secretsmanager' : 'sts', options);
    } catch (error) {
      if (!(error instanceof S3Error)) throw error;
      const { code, message: words } = error;
      return isSecrets
        ? json(error.status, { __type: code, message: words })
        : stsError(error.status, code, words);
    }
    return isSecrets ? answerSecrets(secrets, target ?? '', body) : assumeRole(body, options);
  };

  const server = createServer(async (message: IncomingMessage, response: ServerResponse) => {
    try {
      const { status, type, body } = await answer(message);
      response.writeHead(status, { 'content-type': type }).end(body);
    } catch (error) {
      options.onFault(error);
      response.writeHead(500).end();
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The identity server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
};
