/** The app of streams whose path is a single name. */
const DEFAULT_APP = 'live';

/**
 * What Streamkeep calls a path of MediaMTX: its last part is the stream, what comes before is the app, as in
 * `live/show`. Paths of one part, such as `camera1`, have the app `live`.
 */
export const mediamtxName = (path: string): { app: string; stream: string } => {
  const slash = path.lastIndexOf('/');
  return { app: slash === -1 ? DEFAULT_APP : path.slice(0, slash), stream: path.slice(slash + 1) };
};
