import type { StepInput } from '../../../shared/post-processing/inputs.ts';
import type { RemoteStep } from '../../../shared/post-processing/step-kinds.ts';
import type { TryName } from '../../../shared/post-processing/tries.ts';
import type { Run, RunStep } from '../../../shared/schemas/post-processing.ts';
import type { Reason, Recording } from '../../../shared/schemas/recording.ts';
import type { RemoteFile } from '../../../shared/schemas/remote-steps.ts';

/** A step that others do, in a run. */
export type HandedStep<Kind extends RemoteStep['kind'] = RemoteStep['kind']> = RunStep & {
  readonly step: Extract<RemoteStep, { kind: Kind }>;
};

/** A try that is to be handed over. */
export interface Task<Kind extends RemoteStep['kind'] = RemoteStep['kind']> {
  readonly name: TryName;
  readonly recording: Recording;
  readonly run: Run;
  readonly step: HandedStep<Kind>;
  readonly inputs: readonly StepInput[];
  /** Proves that an answer is theirs. */
  readonly token: string;
  /** Somebody may have handed it over before, and not come to note it. */
  readonly isAgain: boolean;
}

/** A try that others may have. */
export interface Job<Kind extends RemoteStep['kind'] = RemoteStep['kind']> {
  readonly name: TryName;
  readonly step: Pick<HandedStep<Kind>, 'step' | 'destination'>;
  /** Their name for it; undefined: it is not known. */
  readonly jobId: string | undefined;
  /** When it was begun. */
  readonly since: string;
}

export type Begun =
  | { readonly type: 'begun'; readonly jobId?: string }
  /** `final`: another try would be no use. `cause` is for the log alone. */
  | {
      readonly type: 'refused';
      readonly reason: Reason;
      readonly final: boolean;
      readonly cause?: unknown;
    };

/** How others say that a try is. */
export type Standing =
  | { readonly type: 'underway'; readonly percent?: number; readonly jobId?: string }
  | { readonly type: 'succeeded'; readonly files: readonly RemoteFile[] }
  | { readonly type: 'failed'; readonly reason: Reason; readonly final: boolean };

/** Those who do steps of one kind. Each of these may be done twice. */
export interface Performer<Kind extends RemoteStep['kind'] = RemoteStep['kind']> {
  /** Under the same name it is begun once. @throws what may pass: then nobody knows whether it was begun */
  begin(task: Task<Kind>): Promise<Begun>;
  /** Absent: they cannot be asked. */
  ask?(job: Job<Kind>): Promise<Standing>;
  /** Absent: they cannot be stopped. */
  stop?(job: Job<Kind>): Promise<void>;
}

export type Performers = { readonly [Kind in RemoteStep['kind']]: Performer<Kind> };
