/** A route of the HTTP API, such as `ANY /v1/{proxy+}` or `$default`. */
export interface Route<Target> {
  /** As the template has it. */
  readonly routeKey: string;
  readonly target: Target;
}

export interface Match<Target> {
  readonly route: Route<Target>;
  readonly pathParameters: Readonly<Record<string, string>>;
}

const DEFAULT_ROUTE = '$default';

const segmentsOf = (path: string): string[] => path.split('/').filter((segment) => segment !== '');

const decoded = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    // API Gateway hands a malformed escape on as it stands.
    return segment;
  }
};

const matchPath = (
  pattern: readonly string[],
  path: readonly string[],
): Record<string, string> | undefined => {
  const parameters: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const greedy = /^\{(\w+)\+\}$/.exec(part)?.[1];
    if (greedy !== undefined) {
      const rest = path.slice(index);
      if (rest.length === 0) return undefined;
      parameters[greedy] = rest.map(decoded).join('/');
      return parameters;
    }
    const given = path[index];
    if (given === undefined) return undefined;
    const name = /^\{(\w+)\}$/.exec(part)?.[1];
    if (name !== undefined) parameters[name] = decoded(given);
    else if (part !== given) return undefined;
  }
  return path.length === pattern.length ? parameters : undefined;
};

/** How specific a route is: exact path before parameters before greedy ones, a named method before ANY. */
const rank = (routeKey: string): string => {
  if (routeKey === DEFAULT_ROUTE) return '9';
  const [method = '', path = ''] = routeKey.split(' ');
  const parts = segmentsOf(path).map((part) =>
    part.endsWith('+}') ? '2' : part.startsWith('{') ? '1' : '0',
  );
  return `${parts.join('')}${method === 'ANY' ? '1' : '0'}`;
};

/** A function that finds the route for a request as API Gateway would: the most specific one. */
export const createRouter = <Target>(
  routes: readonly Route<Target>[],
): ((method: string, path: string) => Match<Target> | undefined) => {
  const ordered = [...routes].sort((a, b) => (rank(a.routeKey) < rank(b.routeKey) ? -1 : 1));
  return (method, path) => {
    const segments = segmentsOf(path);
    for (const route of ordered) {
      if (route.routeKey === DEFAULT_ROUTE) return { route, pathParameters: {} };
      const [wanted, pattern = ''] = route.routeKey.split(' ');
      if (wanted !== 'ANY' && wanted !== method) continue;
      const pathParameters = matchPath(segmentsOf(pattern), segments);
      if (pathParameters !== undefined) return { route, pathParameters };
    }
    return undefined;
  };
};
