import { FORMATS } from '../schemas/names.ts';
import type { TemplateInput } from '../schemas/template.ts';
import type { Key } from './items.ts';
import { orchestrationKey, storageKey, transcodeKey, watermarkKey } from './keys.ts';

/** One field of a template that names something else. */
export interface Reference {
  /** Dotted, such as `storage.primary`. */
  readonly field: string;
  readonly id: string;
  readonly kind: 'storage' | 'watermark' | 'transcode' | 'orchestration';
  readonly target: Key;
}

const KEYS = {
  storage: storageKey,
  watermark: watermarkKey,
  transcode: transcodeKey,
  orchestration: orchestrationKey,
};

const reference = (kind: Reference['kind'], field: string, id: string | undefined): Reference[] =>
  id === undefined ? [] : [{ field, id, kind, target: KEYS[kind](id) }];

/** Everything that a template refers to; several fields may name the same thing. */
export const referencesOf = ({
  storage,
  watermarkId,
  transcodeId,
  postProcessing = {},
}: TemplateInput): Reference[] => [
  ...reference('storage', 'storage.primary', storage.primary),
  ...reference('storage', 'storage.backup', storage.backup),
  ...reference('watermark', 'watermarkId', watermarkId),
  ...reference('transcode', 'transcodeId', transcodeId),
  ...FORMATS.flatMap((format) =>
    reference(
      'orchestration',
      `postProcessing.${format}.orchestrationId`,
      postProcessing[format]?.orchestrationId,
    ),
  ),
];
