import { isSegmentOf } from '../closing/hls-journal.ts';
import type { Artifact, Run } from '../schemas/post-processing.ts';
import { EXTENSIONS } from '../storage/content-types.ts';
import type { ListedObject, ObjectStore } from '../storage/object-store.ts';
import type { WorkerStep } from './step-kinds.ts';

/** User metadata by which everybody knows the output of a step as its own. */
export const MARK = 'streamkeep-step';

/** Names a step of a run; the same at each try. */
export const markOf = ({ recordId, runId }: Pick<Run, 'recordId' | 'runId'>, step: WorkerStep): string =>
  `${recordId}/${runId}/${step.name}`;

/** Whether the object that is there is the step's own. */
export const isOwn = async (
  { store, mark }: { readonly store: Pick<ObjectStore, 'head'>; readonly mark: string },
  key: string,
): Promise<boolean> => (await store.head(key))?.metadata[MARK] === mark;

/** What a worker's step makes. */
export const outputFormatOf = (step: WorkerStep): Artifact['format'] =>
  step.kind === 'thumbnails' ? 'images' : step.format;

const EXTENSION_OF: Record<Artifact['format'], string> = { ...EXTENSIONS, images: '.vtt' };

/** The object with which an output appears. @param key of its destination, without extension */
export const outputKeyOf = (step: WorkerStep, key: string): string =>
  `${key}${EXTENSION_OF[outputFormatOf(step)]}`;

export const pictureKey = (key: string, index: number): string =>
  `${key}/${String(index).padStart(6, '0')}.jpg`;

const isPicture = (folder: string, key: string): boolean => /^\d{6,}\.jpg$/.test(key.slice(folder.length));

/** What lies beside that object and belongs to it: the segments of HLS, the pictures of a list. */
export const besideOutput = async (
  store: Pick<ObjectStore, 'list'>,
  format: Artifact['format'],
  key: string,
): Promise<ListedObject[]> => {
  if (format !== 'hls' && format !== 'images') return [];
  const folder = `${key.slice(0, -EXTENSION_OF[format].length)}/`;
  const listed = await store.list(folder);
  return listed.filter((one) => (format === 'hls' ? isSegmentOf(key, one.key) : isPicture(folder, one.key)));
};
