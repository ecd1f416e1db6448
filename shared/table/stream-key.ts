import type { StreamKey } from '../schemas/names.ts';

/** Partition of what the table holds of one stream. Slashes inside a name are escaped, so that no two keys collide. */
export const streamPartition = ({ domain, app, stream }: StreamKey): string =>
  `STREAM#${[domain, app, stream].map(encodeURIComponent).join('/')}`;
