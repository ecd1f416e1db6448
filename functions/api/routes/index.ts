import type { Route } from '../route.ts';
import type { Services } from '../services.ts';
import { callbackRoutes } from './callbacks.ts';
import { deliveryRoutes } from './deliveries.ts';
import { descriptionRoutes } from './description.ts';
import { domainRoutes } from './domains.ts';
import { fileRoutes } from './files.ts';
import { orchestrationRoutes } from './orchestrations.ts';
import { postProcessingRoutes } from './post-processing.ts';
import { recordingDeletionRoutes } from './recording-deletion.ts';
import { recordingRoutes } from './recordings.ts';
import { ruleRoutes } from './rules.ts';
import { standbyRoutes } from './standbys.ts';
import { stepResultRoutes } from './step-results.ts';
import { storageRoutes } from './storages.ts';
import { streamRoutes } from './streams.ts';
import { taskRoutes } from './tasks.ts';
import { templateRoutes } from './templates.ts';
import { thumbnailRoutes } from './thumbnails.ts';
import { tokenRoutes } from './tokens.ts';
import { transcodeRoutes } from './transcodes.ts';
import { watermarkRoutes } from './watermarks.ts';

/** Every route of the API. */
export const createRoutes = (services: Services): Route[] => {
  const routes: Route[] = [
    ...domainRoutes(services),
    ...storageRoutes(services),
    ...templateRoutes(services),
    ...watermarkRoutes(services),
    ...transcodeRoutes(services),
    ...standbyRoutes(services),
    ...orchestrationRoutes(services),
    ...ruleRoutes(services),
    ...taskRoutes(services),
    ...streamRoutes(services),
    ...recordingRoutes(services),
    ...recordingDeletionRoutes(services),
    ...thumbnailRoutes(services),
    ...fileRoutes(services),
    ...postProcessingRoutes(services),
    ...stepResultRoutes(services),
    ...callbackRoutes(services),
    ...deliveryRoutes(services),
    ...tokenRoutes(services),
    ...descriptionRoutes(() => routes),
  ];
  return routes;
};
