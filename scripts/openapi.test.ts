import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { typesOf } from '../client/generate.ts';
import { openApiText } from './openapi.ts';

it('The types of the client are those of the API as it is now; if not, npm run generate', async () => {
  const committed = await readFile(new URL('../client/schema.d.ts', import.meta.url), 'utf8');
  const isCurrent = committed === (await typesOf(openApiText()));
  expect(isCurrent, 'client/schema.d.ts is out of date: run npm run generate').toBe(true);
});
