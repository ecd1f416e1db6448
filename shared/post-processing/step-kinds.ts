import type { Step, StepKind } from '../schemas/orchestration.ts';

const REMOTE_KINDS = ['lambda', 'step-functions', 'mediaconvert'] as const satisfies readonly StepKind[];

/** A step that is handed over to others. */
export type RemoteStep = Extract<Step, { kind: (typeof REMOTE_KINDS)[number] }>;
/** A step that a worker does itself. */
export type WorkerStep = Exclude<Step, RemoteStep>;

export const isRemote = (step: Step): step is RemoteStep => REMOTE_KINDS.some((kind) => kind === step.kind);

/** Whether others can be told to leave it. What a function has begun nobody can end. */
export const isStoppable = (step: Step): boolean => isRemote(step) && step.kind !== 'lambda';
