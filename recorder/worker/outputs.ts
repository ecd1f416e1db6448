import { isOwn, MARK } from '../../shared/post-processing/outputs.ts';
import type { Artifact } from '../../shared/schemas/post-processing.ts';
import { type Chunks, type ObjectStore, StorageError } from '../../shared/storage/object-store.ts';
import type { Log } from '../log.ts';
import { patiently } from './patiently.ts';
import { StepError } from './step-error.ts';

/** Where and as what a step leaves its output. */
export interface OutputTarget {
  readonly store: ObjectStore;
  /** Without extension. */
  readonly key: string;
  /** Names the step of the run; the same at each try. */
  readonly mark: string;
  /** Which try this is: what it leaves behind is told from what others did. */
  readonly attempt: number;
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Takes what ffmpeg writes, and makes one output of it that appears as a whole, and once. */
export interface OutputWriter {
  take(chunk: Buffer): Promise<void>;
  /** A line of ffmpeg's log. */
  onLine?(line: string): void;
  /** ffmpeg is through: lets the output appear. @throws StepError, StorageError */
  finish(inputSeconds: number): Promise<Artifact>;
  /** Removes what nobody will need. Never rejects. */
  abandon(): Promise<void>;
}

/**
 * Puts an object where none is, as the step's own.
 * @returns `there`: another try, or this one, whose answer was lost, has put it already
 * @throws StepError when something else is there, StorageError
 */
export const putOwn = async (
  target: OutputTarget,
  key: string,
  body: Buffer | Chunks,
  {
    contentType,
    metadata = {},
  }: { readonly contentType: string; readonly metadata?: Record<string, string> },
): Promise<'put' | 'there'> => {
  const { store, mark, signal } = target;
  const options = { contentType, metadata: { ...metadata, [MARK]: mark }, ifNoneMatch: '*' } as const;
  try {
    await patiently(signal, () => store.put(key, body, options));
    return 'put';
  } catch (error) {
    if (!(error instanceof StorageError && error.kind === 'conflict')) throw error;
    if (!(await patiently(signal, () => isOwn(target, key)))) {
      throw new StepError('output-taken', undefined, { final: true });
    }
    return 'there';
  }
};
