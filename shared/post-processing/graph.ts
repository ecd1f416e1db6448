import { holdsCodec, misfitText } from '../config/format-codecs.ts';
import { FORMATS, type Format } from '../schemas/names.ts';
import type { Step } from '../schemas/orchestration.ts';
import { isRemote } from './step-kinds.ts';

/** What a step takes when it takes what was recorded. */
export const SOURCE = 'source';

/** What a step takes or makes. Files of `aac` never have pictures; of what others make, `files`, nothing is known. */
export interface StepMedia {
  readonly format: Format | 'images' | 'files';
  readonly pictures: boolean;
  /** As what a transcode before it has encoded them; of what was recorded nobody knows before it is. */
  readonly codecs: readonly string[];
}

/**
 * What a step is run for: each file as it closes, or all files of a format when the recording has ended.
 */
export type StepScope = 'file' | 'recording';

/** Something wrong with the steps, and where, from the list of steps on. */
export interface GraphProblem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Graph = readonly Step[];

const stepNamed = (steps: Graph, name: string): Step | undefined => steps.find((step) => step.name === name);

/** The step and what it comes from, back to the source; a step that comes up again ends the line. */
const lineOf = (steps: Graph, step: Step): Step[] => {
  const line: Step[] = [];
  for (let at: Step | undefined = step; at !== undefined; at = stepNamed(steps, at.input)) {
    const isCycle = line.includes(at);
    line.push(at);
    if (isCycle) break;
  }
  return line;
};

/** A step behind a `concat` waits for the end of the recording like that. */
export const scopeOf = (steps: Graph, step: Step): StepScope =>
  lineOf(steps, step).some(({ kind }) => kind === 'concat') ? 'recording' : 'file';

/** The steps of one scope, in the order of the orchestration. */
export const stepsOf = (steps: Graph, scope: StepScope): Step[] =>
  steps.filter((step) => scopeOf(steps, step) === scope);

/** What a step makes of its input. */
const madeBy = (step: Step, input: StepMedia): StepMedia => {
  if (isRemote(step)) return { format: 'files', pictures: true, codecs: [] };
  if (step.kind === 'thumbnails') return { format: 'images', pictures: true, codecs: [] };
  const isSound = step.format === 'aac';
  if (step.kind !== 'transcode') {
    return {
      format: step.format,
      pictures: input.pictures && !isSound,
      codecs: isSound ? [] : input.codecs,
    };
  }
  const { format, video, audio } = step;
  return { format, pictures: video !== undefined, codecs: [...(video ? [video.codec] : []), audio.codec] };
};

/** What a step takes when the source is of this format. Its line must lead to the source. */
const inputOf = (steps: Graph, step: Step, source: Format): StepMedia => {
  const before = stepNamed(steps, step.input);
  return before === undefined
    ? { format: source, pictures: source !== 'aac', codecs: [] }
    : madeBy(before, inputOf(steps, before, source));
};

/** A codec that a step would copy into a format which cannot hold it. */
const misfitOf = (step: Step, { codecs }: StepMedia): string | undefined => {
  if (isRemote(step) || step.kind === 'thumbnails' || step.kind === 'transcode') return undefined;
  const { format } = step;
  const codec = codecs.find((one) => !holdsCodec(format, one));
  return codec && `${format} ${misfitText({ format, codec })}`;
};

/** Why a step cannot take this input, in words; undefined when it can. */
const mediaProblem = (step: Step, input: StepMedia): string | undefined => {
  const { format, pictures } = input;
  // They are told where it is, whatever it is.
  if (step.kind === 'lambda' || step.kind === 'step-functions') return undefined;
  if (format === 'images' || format === 'files') {
    return `its input makes ${format}, which only lambda and step-functions take`;
  }
  if (step.kind === 'remux' && step.format === format) return `its input is ${format} already`;
  const misfit = misfitOf(step, input);
  if (misfit !== undefined) return misfit;
  const needsPictures = step.kind === 'thumbnails' || (step.kind === 'transcode' && step.video !== undefined);
  return needsPictures && !pictures ? `its input is ${format} without pictures` : undefined;
};

const formatProblem = (steps: Graph, step: Step, source: Format): string | undefined =>
  mediaProblem(step, inputOf(steps, step, source));

/** Formats of files that every step can be run on, one after the other. */
export const acceptedFormats = (steps: Graph): Format[] =>
  FORMATS.filter((format) => steps.every((step) => formatProblem(steps, step, format) === undefined));

const nameProblems = (steps: Graph): GraphProblem[] =>
  steps.flatMap(({ name }, index) => {
    const path = [index, 'name'];
    if (name === SOURCE) return [{ path, message: `must not be ${SOURCE}: that is what was recorded` }];
    const isFirst = steps.findIndex((step) => step.name === name) === index;
    return isFirst ? [] : [{ path, message: `must be unique: there is another step named ${name}` }];
  });

const inputProblem = (steps: Graph, step: Step): string | undefined => {
  if (step.input === SOURCE) return undefined;
  const others = steps.filter(({ name }) => name !== step.name).map(({ name }) => name);
  if (stepNamed(steps, step.input) === undefined) {
    return `must be ${SOURCE} or the name of another step: ${others.join(', ') || 'there is none'}`;
  }
  const line = lineOf(steps, step);
  const last = line.at(-1);
  if (line.length > 1 && last === step) {
    const cycle = line.map(({ name }) => name);
    return `must not come from the step itself: ${cycle.join(' needs ')}`;
  }
  return step.kind === 'concat' ? `must be ${SOURCE}: a concat joins all files of the recording` : undefined;
};

/** Steps that cannot be, whatever is recorded. */
const formatProblems = (steps: Graph): GraphProblem[] =>
  steps.flatMap((step, index) => {
    const problems = FORMATS.map((format) => formatProblem(steps, step, format));
    const [message] = problems;
    return message === undefined || problems.includes(undefined) ? [] : [{ path: [index, 'input'], message }];
  });

/** All that is wrong with the steps of an orchestration: names, inputs, cycles, formats that cannot be. Pure. */
export const graphProblems = (steps: Graph): GraphProblem[] => {
  const inputs = steps.flatMap((step, index) => {
    const message = inputProblem(steps, step);
    return message === undefined ? [] : [{ path: [index, 'input'], message }];
  });
  const problems = [...nameProblems(steps), ...inputs];
  return problems.length > 0 ? problems : formatProblems(steps);
};
