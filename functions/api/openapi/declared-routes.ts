import type { Route } from '../route.ts';
import { createRoutes } from '../routes/index.ts';
import { type ApiPorts, createServices } from '../services.ts';

/** Whatever is asked of it, it is that itself. */
const nowhere: unknown = new Proxy(() => undefined, { get: () => nowhere, apply: () => nowhere });

/** Every route of the API with nothing behind it, for what only reads the declarations. */
export const declaredRoutes = (): Route[] => createRoutes(createServices(nowhere as ApiPorts));
