import { ADAPTERS } from '../../../shared/schemas/domain.ts';
import type { Node } from './operation.ts';
import { refersToProblem } from './problems.ts';

export const INGEST_PROBLEMS = [400, 401, 403, 404, 409, 413, 500, 503];

/** The callbacks of ingest servers: each server's own format, so only the way there is described. */
export const ingestOperations = (): Record<string, Node> => ({
  '/v1/ingest/{adapter}/{domain}': {
    post: {
      operationId: 'takeIngestCallback',
      tags: ['Domains'],
      summary: 'Take a callback of an ingest server, in the format of that server.',
      description:
        'For ingest servers, not for people. The pages about the servers in `docs/ingest/` say what to configure.',
      security: [{ domainSecret: [] }, { domainSecretHeader: [] }, { token: [] }],
      parameters: [
        {
          name: 'adapter',
          in: 'path',
          required: true,
          description: 'The kind of the ingest server, as the domain has it.',
          schema: { type: 'string', enum: ADAPTERS.filter((adapter) => adapter !== 'ivs') },
          example: 'nginx-rtmp',
        },
        {
          name: 'domain',
          in: 'path',
          required: true,
          description: 'The push domain that the ingest server belongs to.',
          schema: { type: 'string' },
          example: 'push.example.com',
        },
      ],
      requestBody: {
        required: true,
        content: {
          'application/x-www-form-urlencoded': {
            schema: { type: 'object' },
            example: { call: 'publish', app: 'live', name: 'show', addr: '192.0.2.7', clientid: '1' },
          },
          'application/json': {
            schema: { type: 'object' },
            example: { action: 'postPublish', id: '1', app: 'live', name: 'show' },
          },
        },
      },
      responses: {
        200: {
          description:
            'Taken. Some servers are answered in their own words, with the status 200 all the same.',
          content: {
            'application/json': {
              schema: {
                type: 'object',
                properties: {
                  code: { type: 'integer', const: 0, description: 'What SRS wants to see.' },
                  outcome: {
                    type: 'string',
                    enum: ['accepted', 'ignored', 'unrecorded'],
                    description:
                      '`ignored`: it is not about the beginning or the end of a push. `unrecorded`: the push is let in, but cannot be recorded; `errors` say why.',
                  },
                },
              },
              example: { code: 0, outcome: 'accepted' },
            },
          },
        },
        ...Object.fromEntries(INGEST_PROBLEMS.map((status) => [status, refersToProblem(status)])),
      },
    },
  },
});
