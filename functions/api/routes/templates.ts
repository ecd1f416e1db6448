import * as z from 'zod';
import { misfitText } from '../../../shared/config/format-codecs.ts';
import type { TemplateRefusal } from '../../../shared/config/templates.ts';
import type { Problem } from '../../../shared/problems/problem.ts';
import { conflict, invalidRequest } from '../../../shared/problems/problems.ts';
import { type TemplateInput, templateInputSchema, templateSchema } from '../../../shared/schemas/template.ts';
import { changed, expectFound, expectRemoved, noSuch } from '../expect.ts';
import { listOf, pageQuery, readPage } from '../lists.ts';
import { type Route, route, versioned } from '../route.ts';
import type { Services } from '../services.ts';
import { TEMPLATE, TEMPLATE_ID, TEMPLATE_INPUT } from './configuration.examples.ts';
import { idSchema } from './ids.ts';

export const templateView = z.object(templateSchema.shape).meta({ id: 'Template' });
const params = z.strictObject({ templateId: idSchema });

const refusal = (refused: TemplateRefusal, { name, storage }: TemplateInput): Problem => {
  switch (refused.type) {
    case 'name-taken':
      return conflict('name-taken', 'The name is taken.', `There is a template named ${name} already.`);
    case 'references-missing':
      return invalidRequest(
        refused.missing.map(({ field, id, kind }) => ({
          in: 'body',
          field,
          given: id,
          message: `must be the ${kind}Id of one of /v1/${kind}s`,
        })),
      );
    case 'misfits': {
      const { name: transcode, transcodeId } = refused.transcode;
      return invalidRequest(
        refused.misfits.map((misfit) => ({
          in: 'body',
          field: `formats.${misfit.format}`,
          message: `${misfitText(misfit)}. That is what the transcode template ${transcode} (${transcodeId}) makes`,
        })),
      );
    }
    case 'formats-impossible':
      return invalidRequest(
        refused.impossible.map(({ field, orchestrationId, format, accepts }) => ({
          in: 'body',
          field,
          given: orchestrationId,
          message: `must be an orchestration that takes ${format}; this one takes ${accepts.join(', ')}`,
        })),
      );
    case 'same-region': {
      const { region } = refused;
      const message = `must be a storage in another region than the primary one: that is in ${region}, this one in ${region}`;
      const given = storage.backup === undefined ? {} : { given: storage.backup };
      return invalidRequest([{ in: 'body', field: 'storage.backup', ...given, message }]);
    }
  }
};

export const templateRoutes = ({ templates }: Pick<Services, 'templates'>): Route[] => [
  route({
    method: 'POST',
    path: '/v1/templates',
    operationId: 'createTemplate',
    tag: 'Templates',
    summary: 'Add a recording template.',
    scope: 'write',
    body: templateInputSchema,
    response: { status: 201, schema: templateView, etag: true },
    example: { body: TEMPLATE_INPUT, response: TEMPLATE },
    async handle({ body }) {
      const creation = await templates.create(body);
      if (creation.type !== 'created') throw refusal(creation, body);
      return versioned(creation.template, creation.version);
    },
  }),
  route({
    method: 'GET',
    path: '/v1/templates',
    operationId: 'listTemplates',
    tag: 'Templates',
    summary: 'List the recording templates, by name.',
    scope: 'read',
    query: z.strictObject(pageQuery),
    response: { status: 200, schema: listOf(templateView) },
    example: { query: { limit: '20' }, response: { items: [TEMPLATE], cursor: null } },
    handle: ({ query }) => readPage(() => templates.list(query)),
  }),
  route({
    method: 'GET',
    path: '/v1/templates/{templateId}',
    operationId: 'getTemplate',
    tag: 'Templates',
    summary: 'Get one recording template.',
    scope: 'read',
    params,
    response: { status: 200, schema: templateView, etag: true },
    example: { params: { templateId: TEMPLATE_ID }, response: TEMPLATE },
    async handle({ params: { templateId } }) {
      const found = expectFound('template', templateId, await templates.getVersioned(templateId));
      return versioned(found.template, found.version);
    },
  }),
  route({
    method: 'PUT',
    path: '/v1/templates/{templateId}',
    operationId: 'replaceTemplate',
    tag: 'Templates',
    summary: 'Replace a recording template. It counts from the next session on.',
    scope: 'write',
    params,
    body: templateInputSchema,
    ifMatch: 'required',
    response: { status: 200, schema: templateView, etag: true },
    example: { params: { templateId: TEMPLATE_ID }, body: TEMPLATE_INPUT, response: TEMPLATE },
    async handle({ params: { templateId }, body, ifMatch }) {
      const change = await templates.replace(templateId, body, ifMatch);
      switch (change.type) {
        case 'replaced':
          return versioned(change.template, change.version);
        case 'missing':
          throw noSuch('template', templateId);
        case 'changed':
          throw changed(templateId, ifMatch);
        default:
          throw refusal(change, body);
      }
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/templates/{templateId}',
    operationId: 'deleteTemplate',
    tag: 'Templates',
    summary: 'Delete a recording template that no rule and no pending task uses.',
    scope: 'write',
    params,
    ifMatch: 'optional',
    response: { status: 204 },
    example: { params: { templateId: TEMPLATE_ID } },
    async handle({ params: { templateId }, ifMatch }) {
      expectRemoved('template', templateId, await templates.remove(templateId, ifMatch), ifMatch);
    },
  }),
];
