import type { Route } from '../route.ts';
import type { Services } from '../services.ts';
import { domainRoutes } from './domains.ts';
import { fileRoutes } from './files.ts';
import { recordingRoutes } from './recordings.ts';
import { ruleRoutes } from './rules.ts';
import { storageRoutes } from './storages.ts';
import { streamRoutes } from './streams.ts';
import { templateRoutes } from './templates.ts';

/** Every route of the API. */
export const createRoutes = (services: Services): Route[] => [
  ...domainRoutes(services),
  ...storageRoutes(services),
  ...templateRoutes(services),
  ...ruleRoutes(services),
  ...streamRoutes(services),
  ...recordingRoutes(services),
  ...fileRoutes(services),
];
