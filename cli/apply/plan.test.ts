import { describe, expect, it } from 'vitest';
import type { Body } from '../body/paths.ts';
import { diffLines, summaryOf } from './diff.ts';
import type { Document } from './documents.ts';
import { kindNamed } from './kinds.ts';
import { planOf } from './plan.ts';
import { createNames, type Present } from './present.ts';
import { createSchemas } from './schema.ts';

const text = { type: 'string' };
const schemas = createSchemas({
  components: {
    schemas: {
      StorageInput: { properties: { name: text, default: { type: 'boolean' } }, additionalProperties: false },
      TemplateInput: {
        properties: {
          name: text,
          description: { default: '' },
          formats: { $ref: '#/components/schemas/Formats' },
          storage: { properties: { primary: text, backup: text }, additionalProperties: false },
        },
        additionalProperties: false,
      },
      Formats: { properties: { mp4: { properties: { maxMinutes: { default: 30 } } }, hls: {} } },
      RuleInput: { properties: { domain: text, app: text, templateId: text }, additionalProperties: false },
      DomainInput: {
        properties: {
          domain: text,
          secret: text,
          auth: {
            oneOf: [
              { properties: { type: { const: 'none' } } },
              { properties: { type: { const: 'key' }, size: { default: 8 } } },
            ],
          },
        },
      },
      CallbackInput: { properties: { name: text } },
    },
  },
});

const kindOf = (name: string) => {
  const kind = kindNamed(name);
  if (kind === undefined) throw new Error(`There is no kind ${name}`);
  return kind;
};
const document = (kind: string, name: string, body: Body): Document => ({
  kind: kindOf(kind),
  name,
  body,
  place: (path) => `file:${path.join('.')}`,
  title: `${kind} ${name}`,
});
const present = (kind: string, name: string, id: string, body: Body): Present => ({
  kind: kindOf(kind),
  name,
  id,
  body: schemas.complete(`${kind}Input`, body).body,
});

const plan = (documents: Document[], there: Present[], prune = false) => {
  const names = createNames();
  for (const { kind, name, id } of there) names.add(kind.kind, name, id);
  const { steps, problems } = planOf(documents, { present: there, names }, schemas, { prune });
  return { steps, problems, types: steps.map(({ type, kind, name }) => `${type} ${kind.kind} ${name}`) };
};

const MAIN = present('Storage', 'main', 'sto_1', { name: 'main', default: true });
const SHOWS = present('Template', 'shows', 'tpl_1', {
  name: 'shows',
  description: '',
  formats: { mp4: { maxMinutes: 30 } },
  storage: { primary: 'main' },
});
const shows = (more: Body = {}) =>
  document('Template', 'shows', {
    storage: { primary: 'main' },
    name: 'shows',
    formats: { mp4: null },
    ...more,
  });

describe('A plan', () => {
  it('takes neither defaults, nor order, nor ids in the place of names for differences', () => {
    expect(plan([shows()], [MAIN, SHOWS]).types).toEqual(['unchanged Template shows']);
    expect(plan([shows({ storage: { primary: 'sto_1' } })], [MAIN, SHOWS]).types).toEqual([
      'unchanged Template shows',
    ]);
    expect(plan([document('Storage', 'main', { name: 'main' })], [MAIN]).types).toEqual([
      'unchanged Storage main',
    ]);
  });

  it('sees what is changed, what is said no more, and what is new', () => {
    const described = present('Template', 'shows', 'tpl_1', { ...SHOWS.body, description: 'Old' });
    const { steps } = plan([shows()], [MAIN, described]);
    expect(steps.flatMap(diffLines)).toEqual([
      '@@ -1,6 +1,6 @@',
      ' kind: Template',
      ' name: shows',
      '-description: Old',
      '+description: ""',
      ' formats:',
      '   mp4:',
      '     maxMinutes: 30',
    ]);
    expect(plan([document('Storage', 'main', { name: 'main', default: false })], [MAIN]).types).toEqual([
      'update Storage main',
    ]);
    const created = plan([document('Domain', 'd', { domain: 'd', secret: 'hidden' })], []);
    expect(created.steps.flatMap(diffLines)).toEqual(['+kind: Domain', '+domain: d', '+secret: (not shown)']);
    expect(summaryOf(created.steps)).toBe('1 to create, 0 to change, 0 to delete, 0 unchanged');
  });

  it('makes what is referred to first, and deletes it last', () => {
    const rule = document('Rule', 'd', { domain: 'd', templateId: 'shows' });
    const storage = document('Storage', 'main', { name: 'main' });
    expect(plan([rule, shows(), storage], []).types).toEqual([
      'create Storage main',
      'create Template shows',
      'create Rule d',
    ]);
    const bound = present('Rule', 'd', 'rule_1', { domain: 'd', templateId: 'shows' });
    expect(plan([], [MAIN, SHOWS, bound], true).types).toEqual([
      'delete Rule d',
      'delete Template shows',
      'delete Storage main',
    ]);
    expect(plan([], [MAIN, SHOWS, bound]).types).toEqual([]);
  });

  it('does not compare secrets, as they are never shown', () => {
    const there = present('Domain', 'd', 'd', { domain: 'd' });
    expect(plan([document('Domain', 'd', { domain: 'd', secret: 'hidden' })], [there]).types).toEqual([
      'unchanged Domain d',
    ]);
  });

  it('completes the variant that is meant', () => {
    const { body } = schemas.complete('DomainInput', { auth: { type: 'key' } });
    expect(body).toEqual({ auth: { type: 'key', size: 8 } });
  });

  it('names fields and references that there are not, with their places', () => {
    const bad = shows({ colour: 'red', storage: { primary: 'none' } });
    const rule = document('Rule', 'd', { domain: 'd', templateId: 'nothing' });
    expect(plan([bad, rule], [MAIN]).problems).toEqual([
      'file:colour: Template shows: colour is no field of a Template',
      "file:storage.primary: Template shows: storage.primary: there is no Storage 'none', nor one in the files",
      "file:template: Rule d: template: there is no Template 'nothing', nor one in the files",
    ]);
  });
});
