import * as z from 'zod';
import type { Template } from '../schemas/template.ts';
import { type Transcode, type TranscodeInput, transcodeSchema } from '../schemas/transcode.ts';
import type { Table } from '../table/table.ts';
import { type Misfit, misfitsOf } from './format-codecs.ts';
import { type Sources, systemSources } from './items.ts';
import { transcodeKey } from './keys.ts';
import { createNamedItems, type ItemChange, type ItemCreation, type ItemRemoval } from './named-items.ts';
import { createReferences } from './references.ts';
import { createTemplateUsers } from './template-users.ts';

export const transcodeItemSchema = z.object(transcodeSchema.shape);

/** A template that has a format which cannot hold what would be made. */
export interface MisfitTemplate extends Misfit {
  readonly template: Template;
}

export type TranscodeChange =
  | ItemChange<Transcode>
  | { readonly type: 'misfits'; readonly misfits: readonly MisfitTemplate[] };

/** Transcode templates. One that is deleted is missed by nobody: recordings go on without it, and say so. */
export const createTranscodes = (table: Table, sources: Sources = systemSources) => {
  const items = createNamedItems(table, sources, {
    kind: 'TRANSCODE',
    schema: transcodeItemSchema,
    keyOf: transcodeKey,
    idOf: ({ transcodeId }: Transcode) => transcodeId,
  });
  const users = createTemplateUsers(table, createReferences(table, sources));

  const create = (input: TranscodeInput): Promise<ItemCreation<Transcode>> => {
    const at = sources.now().toISOString();
    return items.create({ ...input, transcodeId: `trc_${sources.id()}`, createdAt: at, updatedAt: at });
  };

  const misfitsAmong = (templates: readonly Template[], input: TranscodeInput): MisfitTemplate[] =>
    templates.flatMap((template) =>
      misfitsOf(template.formats, input).map((misfit) => ({ ...misfit, template })),
    );

  /**
   * Replaces everything but id and creation time, unless a template that uses it has a format which could not hold it.
   * Running recordings keep what they started with. `expected`: its version, `*` or undefined: whatever it is.
   */
  const replace = async (
    transcodeId: string,
    input: TranscodeInput,
    expected?: string,
  ): Promise<TranscodeChange> => {
    const seen = await items.expectSeen(transcodeId, expected);
    if (seen.type !== 'seen') return seen;
    // A use is taken before its template is written, and given back after.
    const using = (await users.allOf(transcodeKey(transcodeId))).filter(
      (template) => template.transcodeId === transcodeId,
    );
    const misfits = misfitsAmong(using, input);
    if (misfits.length > 0) return { type: 'misfits', misfits };
    const { createdAt } = seen.item;
    return items.replace(seen, { ...input, transcodeId, createdAt, updatedAt: sources.now().toISOString() });
  };

  const remove = async (transcodeId: string, expected?: string): Promise<ItemRemoval<Transcode>> => {
    const seen = await items.expectSeen(transcodeId, expected);
    return seen.type === 'seen' ? items.remove(seen) : seen;
  };

  return {
    get: items.get,
    list: items.list,
    create,
    replace,
    remove,
    /** Ids of the first few templates that refer to it. */
    usedBy: (transcodeId: string): Promise<string[]> => users.idsOf(transcodeKey(transcodeId)),
  };
};
export type Transcodes = ReturnType<typeof createTranscodes>;
