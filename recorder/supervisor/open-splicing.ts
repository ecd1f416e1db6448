import type { Reason, Recording } from '../../shared/schemas/recording.ts';
import { Splicing } from '../splice/splicing.ts';
import type { RunPorts } from './run-recording.ts';

/** Puts the captures of a recording on tapes, with standby content between them; undefined: it has none. */
export const openSplicing = (
  { sink, clips, log }: RunPorts,
  { recordId, plan: { standby, encoding } }: Recording,
  onTrouble: (reason: Reason) => void,
): Splicing | undefined => {
  if (standby === undefined || encoding === undefined) return undefined;
  const monotonicNow = () => performance.now();
  return new Splicing({ recordId, content: standby, sink, clips, log, monotonicNow, onTrouble });
};
