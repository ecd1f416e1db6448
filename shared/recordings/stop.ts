import type { Recording } from '../schemas/recording.ts';
import type { RecorderCommand, Recorders } from '../table/recorders.ts';
import { endReason } from './end-reason.ts';
import { type TransitionPorts, transition } from './transition.ts';

export interface StopRecordingPorts extends TransitionPorts {
  readonly recorders: Pick<Recorders, 'command'>;
}

/**
 * Ends a recording although its stream may go on; in whatever state it is, it will not record any more. That it is to
 * end is written before its recorder is told, so that the end is not lost when the recorder gives it up meanwhile.
 * Safe to repeat. At most three writes.
 * @returns the recording as it is now, or undefined when there is none.
 */
export const stopRecording = async (
  ports: StopRecordingPorts,
  recordId: string,
  code: Exclude<RecorderCommand['stop'], 'session-ended'>,
): Promise<Recording | undefined> => {
  const at = ports.now().toISOString();
  const recording = await transition(ports, recordId, { type: 'stopped', at, reason: endReason(code) });
  const owner = recording?.state === 'recording' ? recording.owner : undefined;
  if (owner === undefined) return recording;
  if (await ports.recorders.command(owner, recordId, { stop: code })) return recording;
  // That recorder is not registered any more: it has left the recording behind.
  return transition(ports, recordId, { type: 'owner.lost', owner, at, sessionLive: false });
};
