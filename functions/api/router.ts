import { methodNotAllowed, notFound } from '../../shared/problems/problems.ts';
import type { Route } from './route.ts';

export interface RouteMatch {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

const decoded = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
};

const paramsOf = (pattern: string, path: string): Record<string, string> | undefined => {
  const names = pattern.split('/');
  const segments = path.split('/');
  if (names.length !== segments.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const segment = decoded(segments[index] ?? '');
    if (name.startsWith('{')) {
      if (segment === undefined || segment === '') return undefined;
      params[name.slice(1, -1)] = segment;
    } else if (segment !== name) return undefined;
  }
  return params;
};

const matchesOf = (routes: readonly Route[], path: string): RouteMatch[] =>
  routes.flatMap((route) => {
    const params = paramsOf(route.path, path);
    return params === undefined ? [] : [{ route, params }];
  });

/** The route that takes a request without a token, if there is one. */
export const findPublicRoute = (
  routes: readonly Route[],
  method: string,
  path: string,
): RouteMatch | undefined =>
  matchesOf(routes, path).find(({ route }) => route.scope === 'public' && route.method === method);

/**
 * The route of a request.
 * @throws Problem 404, or 405 when the path takes other methods
 */
export const findRoute = (routes: readonly Route[], method: string, path: string): RouteMatch => {
  const matches = matchesOf(routes, path);
  if (matches.length === 0) throw notFound('There is nothing at this path.');
  const match = matches.find(({ route }) => route.method === method);
  if (match === undefined) throw methodNotAllowed([...new Set(matches.map(({ route }) => route.method))]);
  return match;
};
