import { declaredRoutes } from '../functions/api/openapi/declared-routes.ts';
import { createDocument } from '../functions/api/openapi/document.ts';

/** The OpenAPI document, as the API answers it at `/v1/openapi.json`. */
export const openApiText = (): string => JSON.stringify(createDocument(declaredRoutes()), null, 2);

if (import.meta.main) process.stdout.write(`${openApiText()}\n`);
