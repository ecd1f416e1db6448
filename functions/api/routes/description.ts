import { type Route, route, versioned } from '../route.ts';

/** `routes`: all that are described. */
export const descriptionRoutes = (routes: () => readonly Route[]): Route[] => {
  let described: Promise<{ text: string; version: string }> | undefined;
  return [
    route({
      method: 'GET',
      path: '/v1/openapi.json',
      operationId: 'describeApi',
      tag: 'Description',
      summary: 'Get the OpenAPI 3.1 document of this API. `/v1/docs` shows it to people.',
      scope: 'public',
      response: {
        status: 200,
        contentType: 'application/json',
        headers: { 'cache-control': 'public, max-age=300' },
        etag: true,
      },
      example: {},
      async handle() {
        // Loaded and made when first asked for: it would make every cold start longer.
        described ??= import('../openapi/document.ts').then(({ describe }) => describe(routes()));
        const { text, version } = await described;
        return versioned(text, version);
      },
    }),
  ];
};
