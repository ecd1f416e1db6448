import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { domainInputSchema } from '../schemas/domain.ts';
import { templateInputSchema } from '../schemas/template.ts';
import { fieldErrors } from './validation.ts';

const errorsOf = (schema: z.ZodType, input: unknown) => {
  const parsed = schema.safeParse(input);
  if (parsed.success) throw new Error('should not be valid');
  return fieldErrors('body', schema, input, parsed.error);
};

const template = { name: 'all', formats: { mp4: {} }, storage: { primary: 'sto_1' } };
const domain = { domain: 'push.example.com', adapter: 'nginx-rtmp', source: { url: 'rtmp://a/{stream}' } };

describe('Field errors', () => {
  it('name an unknown field with those that are allowed there', () => {
    expect(errorsOf(templateInputSchema, { ...template, formats: { mp4: { maxMinute: 3 } } })).toEqual([
      { in: 'body', field: 'formats.mp4.maxMinute', given: 3, message: 'is not known; allowed: maxMinutes' },
    ]);
  });

  it('list every unknown field of one object', () => {
    expect(errorsOf(templateInputSchema, { ...template, colour: 'red', size: {} })).toMatchObject([
      {
        field: 'colour',
        given: 'red',
        message: expect.stringContaining('name, description, content, watermarkId'),
      },
      { field: 'size' },
    ]);
  });

  it('name a value out of range, what was given and what is allowed', () => {
    expect(errorsOf(templateInputSchema, { ...template, formats: { mp4: { maxMinutes: 721 } } })).toEqual([
      { in: 'body', field: 'formats.mp4.maxMinutes', given: 721, message: expect.stringContaining('<=720') },
    ]);
  });

  it('say that a field is required', () => {
    const { storage: _, ...rest } = template;
    expect(errorsOf(templateInputSchema, rest)).toMatchObject([
      { field: 'storage', message: expect.stringMatching(/^is required: /) },
    ]);
  });

  it('report all bad fields together', () => {
    const bad = { ...template, name: 'a b', timeZone: 'Mars/Olympus', path: '{EndYear}' };
    expect(errorsOf(templateInputSchema, bad).map(({ field }) => field)).toEqual([
      'name',
      'timeZone',
      'path',
    ]);
  });

  it('never repeat a secret', () => {
    expect(JSON.stringify(errorsOf(domainInputSchema, { ...domain, secret: 'hunter2!' }))).not.toContain(
      'hunter2',
    );
    const url = 'gopher://me:hunter2@example.com/{stream}?key=hunter2';
    const errors = errorsOf(domainInputSchema, { ...domain, source: { url } });
    expect(errors).toMatchObject([{ field: 'source.url', given: 'gopher://***@example.com/{stream}?***' }]);
  });

  it('shorten what was given and pass over objects however deep', () => {
    const deep = JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    const [name, path] = errorsOf(templateInputSchema, { ...template, name: deep, path: '🎥'.repeat(600) });
    expect(name).not.toHaveProperty('given');
    expect(path?.given).toHaveLength(101);
  });

  it('are found for a body that is no object', () => {
    expect(errorsOf(templateInputSchema, null)).toMatchObject([{ field: '', given: null }]);
    expect(errorsOf(templateInputSchema, [])).toMatchObject([{ field: '' }]);
  });
});
