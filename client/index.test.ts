import { describe, expect, it } from 'vitest';
import { ApiProblem, createClient, dataOf, itemsOf, versionedOf } from './index.ts';

/** A client whose requests are answered one after the other. */
const clientOf = (...answers: Response[]) => {
  const requests: Request[] = [];
  const api = createClient({
    url: 'https://api.example.com/',
    token: 'sk_1',
    fetch: async (request) => {
      requests.push(request);
      const answer = answers.shift();
      if (answer === undefined) throw new Error('One request too many');
      return answer;
    },
  });
  return { api, requests };
};

const json = (body: unknown, init: ResponseInit = {}): Response => Response.json(body, init);
const path = { templateId: 'tpl_1' };

describe('A call', () => {
  it('is made with the token, under the address of the API', async () => {
    const { api, requests } = clientOf(json({ name: 'shows' }));
    const template = await dataOf(api.GET('/v1/templates/{templateId}', { params: { path } }));
    expect(template.name).toBe('shows');
    expect(requests[0]?.url).toBe('https://api.example.com/v1/templates/tpl_1');
    expect(requests[0]?.headers.get('authorization')).toBe('Bearer sk_1');
  });

  it('gives the version of what it read, for the next change', async () => {
    const { api, requests } = clientOf(
      json({ templateId: 'tpl_1' }, { headers: { etag: '"v1"' } }),
      new Response(null, { status: 204 }),
    );
    const { etag } = await versionedOf(api.GET('/v1/templates/{templateId}', { params: { path } }));
    const params = { path, header: { 'If-Match': etag } };
    expect(await dataOf(api.DELETE('/v1/templates/{templateId}', { params }))).toBeUndefined();
    expect(requests[1]?.headers.get('if-match')).toBe('"v1"');
  });

  it('that is refused throws the problem, with every bad field', async () => {
    const document = {
      type: 'urn:streamkeep:problem:invalid-request',
      title: 'The request is not valid.',
      status: 400,
      errors: [{ in: 'query', field: 'limit', given: '0', message: 'must be at least 1' }],
    };
    const { api } = clientOf(json(document, { status: 400 }));
    const refused = await dataOf(api.GET('/v1/templates')).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(ApiProblem);
    expect(refused).toMatchObject({
      status: 400,
      code: 'invalid-request',
      title: 'The request is not valid.',
      detail: undefined,
      errors: document.errors,
      document,
      message: 'The request is not valid. limit must be at least 1 (400)',
    });
  });

  it('that something before the API refuses is a problem too', async () => {
    const { api } = clientOf(
      json({ message: 'Too Many Requests' }, { status: 429 }),
      new Response('Bad gateway', { status: 502 }),
      new Response(null, { status: 503 }),
    );
    for (const status of [429, 502, 503]) {
      await expect(dataOf(api.GET('/v1/templates'))).rejects.toMatchObject({
        status,
        code: `http-${status}`,
        errors: [],
      });
    }
  });
});

describe('The items of a list', () => {
  const page = (names: string[], cursor: string | null): Response =>
    json({ items: names.map((name) => ({ name })), cursor });

  it('come page by page, as they are taken', async () => {
    const { api, requests } = clientOf(page(['a', 'b'], 'next'), page([], 'last'), page(['c'], null));
    const names: string[] = [];
    const templates = itemsOf((query) => api.GET('/v1/templates', { params: { query } }), 2);
    for await (const { name } of templates) names.push(name);
    expect(names).toEqual(['a', 'b', 'c']);
    expect(requests.map(({ url }) => new URL(url).search)).toEqual([
      '?limit=2',
      '?limit=2&cursor=next',
      '?limit=2&cursor=last',
    ]);
  });

  it('are not asked for any longer than somebody takes them', async () => {
    const { api, requests } = clientOf(page(['a', 'b'], 'next'));
    for await (const { name } of itemsOf((query) => api.GET('/v1/templates', { params: { query } }))) {
      if (name === 'b') break;
    }
    expect(requests).toHaveLength(1);
  });
});
