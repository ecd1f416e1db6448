import * as z from 'zod';
import type { OrchestrationRefusal } from '../../../shared/config/orchestrations.ts';
import { type Allowed, forbiddenIn } from '../../../shared/post-processing/allowed.ts';
import type { Problem } from '../../../shared/problems/problem.ts';
import { conflict, invalidRequest } from '../../../shared/problems/problems.ts';
import {
  type OrchestrationInput,
  orchestrationInputSchema,
  orchestrationViewSchema,
  showOrchestration,
} from '../../../shared/schemas/orchestration.ts';
import { changed, expectFound, expectRemoved, noSuch } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route, versioned } from '../route.ts';
import type { Services } from '../services.ts';
import { ORCHESTRATION, ORCHESTRATION_ID, ORCHESTRATION_INPUT } from './configuration.examples.ts';
import { idSchema } from './ids.ts';

const params = z.strictObject({ orchestrationId: idSchema });

const refusal = (refused: OrchestrationRefusal, { name }: OrchestrationInput): Problem =>
  refused.type === 'name-taken'
    ? conflict('name-taken', 'The name is taken.', `There is an orchestration named ${name} already.`)
    : invalidRequest(
        refused.missing.map(({ field, storageId }) => ({
          in: 'body',
          field,
          given: storageId,
          message: 'must be the storageId of one of /v1/storages',
        })),
      );

/** @throws Problem naming the steps that would be handed over to what the deployment does not allow */
const expectAllowed = ({ steps }: OrchestrationInput, allowed: Allowed): void => {
  const errors = steps.flatMap((step, index) => {
    const forbidden = forbiddenIn(step, allowed);
    if (forbidden === undefined) return [];
    const { field, given, message } = forbidden;
    return [{ in: 'body' as const, field: `steps.${index}.${field}`, given, message }];
  });
  if (errors.length > 0) throw invalidRequest(errors);
};

export const orchestrationRoutes = ({
  orchestrations,
  allowed,
}: Pick<Services, 'orchestrations' | 'allowed'>): Route[] => [
  route({
    method: 'POST',
    path: '/v1/orchestrations',
    operationId: 'createOrchestration',
    tag: 'Orchestrations',
    summary: 'Add an orchestration: steps that files go through when they are ready.',
    scope: 'write',
    body: orchestrationInputSchema,
    response: { status: 201, schema: orchestrationViewSchema, etag: true },
    example: { body: ORCHESTRATION_INPUT, response: ORCHESTRATION },
    async handle({ body }) {
      expectAllowed(body, allowed);
      const creation = await orchestrations.create(body);
      if (creation.type !== 'created') throw refusal(creation, body);
      return versioned(showOrchestration(creation.orchestration), creation.version);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/orchestrations',
    operationId: 'listOrchestrations',
    tag: 'Orchestrations',
    summary: 'List the orchestrations, by name.',
    scope: 'read',
    query: z.strictObject(pageQuery),
    response: { status: 200, schema: listOf(orchestrationViewSchema) },
    example: { query: { limit: '20' }, response: { items: [ORCHESTRATION], cursor: null } },
    async handle({ query }) {
      const { items, cursor } = await readPage(() => orchestrations.list(query));
      return { items: items.map(showOrchestration), cursor };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/orchestrations/{orchestrationId}',
    operationId: 'getOrchestration',
    tag: 'Orchestrations',
    summary: 'Get one orchestration.',
    scope: 'read',
    params,
    response: { status: 200, schema: orchestrationViewSchema, etag: true },
    example: { params: { orchestrationId: ORCHESTRATION_ID }, response: ORCHESTRATION },
    async handle({ params: { orchestrationId } }) {
      const found = await orchestrations.getVersioned(orchestrationId);
      const { orchestration, version } = expectFound('orchestration', orchestrationId, found);
      return versioned(showOrchestration(orchestration), version);
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/orchestrations/{orchestrationId}',
    operationId: 'replaceOrchestration',
    tag: 'Orchestrations',
    summary: 'Replace an orchestration. Runs that have begun go on as they began.',
    scope: 'write',
    params,
    body: orchestrationInputSchema,
    ifMatch: 'required',
    response: { status: 200, schema: orchestrationViewSchema, etag: true },
    example: {
      params: { orchestrationId: ORCHESTRATION_ID },
      body: ORCHESTRATION_INPUT,
      response: ORCHESTRATION,
    },
    async handle({ params: { orchestrationId }, body, ifMatch }) {
      expectAllowed(body, allowed);
      const change = await orchestrations.replace(orchestrationId, body, ifMatch);
      switch (change.type) {
        case 'replaced':
          return versioned(showOrchestration(change.orchestration), change.version);
        case 'missing':
          throw noSuch('orchestration', orchestrationId);
        case 'changed':
          throw changed(orchestrationId, ifMatch);
        case 'in-use':
          throw conflict(
            'in-use',
            'It is in use.',
            `${orchestrationId} must go on to take the formats that it takes now while it is used by ${change.usedBy.join(', ')}.`,
            { usedBy: change.usedBy },
          );
        default:
          throw refusal(change, body);
      }
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/orchestrations/{orchestrationId}',
    operationId: 'deleteOrchestration',
    tag: 'Orchestrations',
    summary: 'Delete an orchestration that no template uses.',
    scope: 'write',
    params,
    ifMatch: 'optional',
    response: { status: 204 },
    example: { params: { orchestrationId: ORCHESTRATION_ID } },
    async handle({ params: { orchestrationId }, ifMatch }) {
      const removal = await orchestrations.remove(orchestrationId, ifMatch);
      expectRemoved('orchestration', orchestrationId, removal, ifMatch);
    },
  }),
];
