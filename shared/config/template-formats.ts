import * as z from 'zod';
import { acceptedFormats } from '../post-processing/graph.ts';
import { FORMATS, type Format } from '../schemas/names.ts';
import { orchestrationSchema } from '../schemas/orchestration.ts';
import type { TemplateInput } from '../schemas/template.ts';
import type { Table } from '../table/table.ts';
import { getItems } from './items.ts';
import { orchestrationKey } from './keys.ts';

/** A format whose files the orchestration that a template names for it cannot take. */
export interface ImpossibleFormat {
  /** Dotted, such as `postProcessing.aac.orchestrationId`. */
  readonly field: string;
  readonly orchestrationId: string;
  readonly format: Format;
  readonly accepts: readonly Format[];
}

const itemSchema = z.object({ steps: orchestrationSchema.shape.steps });

/** The formats of a template that its orchestrations cannot take; those that do not exist are passed over. */
export const impossibleFormats = async (
  table: Table,
  { postProcessing = {} }: Pick<TemplateInput, 'postProcessing'>,
): Promise<ImpossibleFormat[]> => {
  const bound = FORMATS.flatMap((format) => {
    const id = postProcessing[format]?.orchestrationId;
    return id === undefined ? [] : [{ format, orchestrationId: id, pk: orchestrationKey(id).pk }];
  });
  if (bound.length === 0) return [];
  const keys = new Map(bound.map(({ pk, orchestrationId }) => [pk, orchestrationKey(orchestrationId)]));
  const items = await getItems(table, [...keys.values()]);
  return bound.flatMap(({ format, orchestrationId, pk }) => {
    const item = items.get(pk);
    if (item === undefined) return [];
    const accepts = acceptedFormats(itemSchema.parse(item).steps);
    if (accepts.includes(format)) return [];
    return [{ field: `postProcessing.${format}.orchestrationId`, orchestrationId, format, accepts }];
  });
};
