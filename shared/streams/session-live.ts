import type { Recording } from '../schemas/recording.ts';
import type { Streams } from '../table/streams.ts';

/** Whether the session that `recording` records is live now. */
export const isSessionLive = async (
  streams: Pick<Streams, 'get'>,
  { domain, app, stream: name, sessionId }: Recording,
): Promise<boolean> => {
  const stream = await streams.get({ domain, app, stream: name });
  return stream?.live === true && stream.sessionId === sessionId;
};
