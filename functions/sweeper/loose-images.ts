import type { QueueImageDeletion } from '../../shared/deletion/queue.ts';
import type { LooseImages } from '../../shared/table/loose-images.ts';
import { forEach } from './for-each.ts';

export interface LooseImagePorts {
  readonly looseImages: Pick<LooseImages, 'due'>;
  readonly queueImageDeletion: QueueImageDeletion;
  now(): Date;
}

/** Of one sweep. Those that are left over are the oldest of the next one. */
const MOST_AT_ONCE = 500;

/** Queues images of watermarks, and standby content, that may have gone out of use. A message too many finds nothing to do. */
export const queueLooseImages = async ({
  looseImages,
  queueImageDeletion,
  now,
}: LooseImagePorts): Promise<unknown[]> =>
  forEach(await looseImages.due(now(), MOST_AT_ONCE), queueImageDeletion);
