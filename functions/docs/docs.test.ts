import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { beforeAll, describe, expect, it } from 'vitest';
import { createDocs } from './docs.ts';

const ROOT = new URL('../../', import.meta.url);

let get: (file?: string, headers?: Record<string, string>) => ReturnType<ReturnType<typeof createDocs>>;

beforeAll(async () => {
  const assets: string[] = JSON.parse(await readFile(new URL('assets.json', import.meta.url), 'utf8'));
  const paths = new Map(assets.map((path) => [basename(path), new URL(path, ROOT)]));
  const docs = createDocs(async (name) => {
    const path = paths.get(name);
    if (path === undefined) throw new Error(`${name} is not in assets.json`);
    return readFile(path, 'utf8');
  });
  get = (file, headers = {}) =>
    docs({
      headers,
      ...(file === undefined ? {} : { pathParameters: { file } }),
    } as unknown as APIGatewayProxyEventV2);
});

const partsOf = (page: string): string[] =>
  [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url = '']) => url).filter((url) => url !== 'data:,');

describe('The page that shows the API', () => {
  it('may load from and speak to its own host only', async () => {
    const { statusCode, headers, body = '' } = await get();
    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': expect.stringMatching(/^default-src 'none'; script-src 'self';/),
    });
    expect(body).not.toMatch(/https?:|\/\//);
    expect(body).not.toMatch(/<script>|<style/);
  });

  it('names parts that are there, by version, for browsers to keep', async () => {
    const parts = partsOf((await get()).body ?? '');
    expect(parts).toHaveLength(3);
    for (const part of parts) {
      const [, name = '', version] = /^docs\/([\w.-]+)\?v=([\w-]{16})$/.exec(part) ?? [];
      const answer = await get(name);
      expect(answer.statusCode, part).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': expect.stringMatching(/^text\/(css|javascript)/),
        'cache-control': expect.stringContaining('immutable'),
        etag: `W/"${version}"`,
      });
    }
  });

  it('is zipped for browsers that take it, far below what a function may answer with', async () => {
    const plain = await get('swagger-ui-bundle.js');
    const zipped = await get('swagger-ui-bundle.js', { 'accept-encoding': 'gzip, deflate, br' });
    expect(zipped).toMatchObject({ isBase64Encoded: true, headers: { 'content-encoding': 'gzip' } });
    expect(gunzipSync(Buffer.from(zipped.body ?? '', 'base64')).toString()).toBe(plain.body);
    expect(zipped.body?.length).toBeLessThan(1_000_000);
    expect(JSON.stringify(plain).length).toBeLessThan(5_000_000);
  });

  it('is not sent again to a browser that has it', async () => {
    const etag = String((await get()).headers?.etag);
    expect(await get(undefined, { 'if-none-match': etag })).toMatchObject({ statusCode: 304 });
    expect(await get(undefined, { 'if-none-match': 'W/"other", "another"' })).toMatchObject({
      statusCode: 200,
    });
  });

  it.each(['', 'index.html', 'handler.ts', '../handler.ts', 'constructor'])(
    'has no part named %j',
    async (file) => {
      expect((await get(file)).statusCode).toBe(404);
    },
  );
});
