import type { APIGatewayProxyStructuredResultV2 as HttpResponse } from 'aws-lambda';
import { Problem } from '../../shared/problems/problem.ts';
import { internalProblem, storageFailed } from '../../shared/problems/problems.ts';
import { StorageError } from '../../shared/storage/object-store.ts';
import { authenticate, requireScope } from './auth.ts';
import { readIfMatch, readInput } from './input.ts';
import { type HttpRequest, readRequest } from './request.ts';
import { problemResponse, routeResponse } from './respond.ts';
import type { Route } from './route.ts';
import { findPublicRoute, findRoute, type RouteMatch } from './router.ts';
import { createRoutes } from './routes/index.ts';
import { type ApiPorts, createServices, type Services } from './services.ts';

/** Nobody without a token learns which paths there are, but for those that need none. */
const admit = async (
  { tokens }: Services,
  routes: readonly Route[],
  request: HttpRequest,
): Promise<RouteMatch> => {
  const open = findPublicRoute(routes, request.method, request.path);
  if (open !== undefined) return open;
  const token = await authenticate(tokens, request.headers.authorization);
  const match = findRoute(routes, request.method, request.path);
  if (match.route.scope !== 'public') requireScope(token, match.route.scope);
  return match;
};

const isOutdated = (error: unknown): boolean => error instanceof Problem && error.status === 412;

/** Lets the route answer, for each version that the caller would change until one is the current one. */
const answer = async ({ route, params }: RouteMatch, request: HttpRequest): Promise<unknown> => {
  const input = readInput(route, request, params);
  const versions = readIfMatch(route, request);
  for (const ifMatch of versions.slice(0, -1)) {
    try {
      return await route.handle({ ...input, ifMatch });
    } catch (error) {
      if (!isOutdated(error)) throw error;
    }
  }
  return route.handle({ ...input, ifMatch: versions.at(-1) });
};

const problemOf = ({ log }: ApiPorts, { requestId, method }: HttpRequest, error: unknown): Problem => {
  if (error instanceof Problem) return error;
  if (error instanceof StorageError) {
    log.warn(`A storage failed: ${error.message}`, { method, requestId });
    return storageFailed(error);
  }
  log.error('A request failed', { method, requestId, error });
  return internalProblem(requestId);
};

/** The API under `/v1`: takes an event of an HTTP API, payload format 2.0, and always answers. */
export const createApi = (ports: ApiPorts): ((event: unknown) => Promise<HttpResponse>) => {
  const services = createServices(ports);
  const routes = createRoutes(services);

  return async (event) => {
    const request = readRequest(event);
    try {
      const match = await admit(services, routes, request);
      return routeResponse(match.route, request, await answer(match, request));
    } catch (error) {
      return problemResponse(problemOf(ports, request, error));
    }
  };
};
