import { writeFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import openapiTS, { astToString } from 'openapi-typescript';

const HEADER = `// Made from the API's OpenAPI document: npm run generate --workspace client\n`;

/** The types of an OpenAPI document, as `schema.d.ts` holds them. */
export const typesOf = async (document: string): Promise<string> =>
  HEADER + astToString(await openapiTS(document, { defaultNonNullable: false }));

// Reads the document from the standard input.
if (import.meta.main) {
  await writeFile(new URL('schema.d.ts', import.meta.url), await typesOf(await text(process.stdin)));
}
