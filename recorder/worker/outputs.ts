import type { Artifact } from '../../shared/schemas/post-processing.ts';
import type { ObjectStore } from '../../shared/storage/object-store.ts';

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

/** User metadata by which a later try knows the output of an earlier one. */
export const MARK = 'streamkeep-step';

/** Whether the object that is there is this step's own. */
export const isOwn = async ({ store, mark }: OutputTarget, key: string): Promise<boolean> =>
  (await store.head(key))?.metadata[MARK] === mark;
