import { z } from 'zod';
import type { TemplateRefusal } from '../../../shared/config/templates.ts';
import type { Problem } from '../../../shared/problems/problem.ts';
import { changedMeanwhile, conflict, invalidRequest, notFound } from '../../../shared/problems/problems.ts';
import { type TemplateInput, templateInputSchema, templateSchema } from '../../../shared/schemas/template.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { expectRemoved } from '../removal.ts';
import { type Route, route } from '../route.ts';
import type { Services } from '../services.ts';
import { idSchema } from './ids.ts';

const templateView = z.object(templateSchema.shape);
const params = z.strictObject({ templateId: idSchema });
const missing = (templateId: string) => notFound(`There is no template ${templateId}.`);

const refusal = ({ type }: TemplateRefusal, { name, storage }: TemplateInput): Problem => {
  switch (type) {
    case 'name-taken':
      return conflict('name-taken', 'The name is taken.', `There is a template named ${name} already.`);
    case 'storage-missing': {
      const message = 'must be the storageId of a storage in /v1/storages';
      return invalidRequest([{ in: 'body', field: 'storage.primary', given: storage.primary, message }]);
    }
  }
};

export const templateRoutes = ({ templates }: Pick<Services, 'templates'>): Route[] => [
  route({
    method: 'POST',
    path: '/v1/templates',
    summary: 'Add a recording template.',
    scope: 'write',
    body: templateInputSchema,
    response: { status: 201, schema: templateView },
    async handle({ body }) {
      const creation = await templates.create(body);
      if (creation.type !== 'created') throw refusal(creation, body);
      return creation.template;
    },
  }),
  route({
    method: 'GET',
    path: '/v1/templates',
    summary: 'List the recording templates, by name.',
    scope: 'read',
    query: z.strictObject(pageQuery),
    response: { status: 200, schema: listOf(templateView) },
    handle: ({ query }) => readPage(() => templates.list(query)),
  }),
  route({
    method: 'GET',
    path: '/v1/templates/{templateId}',
    summary: 'Get one recording template.',
    scope: 'read',
    params,
    response: { status: 200, schema: templateView },
    async handle({ params: { templateId } }) {
      const template = await templates.get(templateId);
      if (template === undefined) throw missing(templateId);
      return template;
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/templates/{templateId}',
    summary: 'Replace a recording template. It counts from the next session on.',
    scope: 'write',
    params,
    body: templateInputSchema,
    response: { status: 200, schema: templateView },
    async handle({ params: { templateId }, body }) {
      const change = await templates.replace(templateId, body);
      switch (change.type) {
        case 'replaced':
          return change.template;
        case 'missing':
          throw missing(templateId);
        case 'changed':
          throw changedMeanwhile(templateId);
        default:
          throw refusal(change, body);
      }
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/templates/{templateId}',
    summary: 'Delete a recording template that no rule is bound to.',
    scope: 'write',
    params,
    response: { status: 204 },
    async handle({ params: { templateId } }) {
      expectRemoved('template', templateId, await templates.remove(templateId));
    },
  }),
];
