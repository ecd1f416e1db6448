import * as z from 'zod';
import { timeSchema } from '../../shared/schemas/names.ts';
import { type Deletion, deletionSchema, reasonSchema } from '../../shared/schemas/recording.ts';

/** What is still to be deleted of a recording, as the recording shows it. */
export const deletionView = z
  .object({
    requestedAt: timeSchema,
    objects: deletionSchema.shape.objects.describe('Whether its objects are deleted.'),
    record: deletionSchema.shape.record.describe(
      'Whether the record of it is deleted; false: its retention time is over.',
    ),
    failures: deletionSchema.shape.failures.describe('How often a storage has refused it, in a row.'),
    reason: reasonSchema.nullable().describe('Why it was refused; null: it was not.'),
    nextTryAt: timeSchema.describe('When it is tried again, unless it is done by then.'),
  })
  .meta({ id: 'Deletion', description: 'What is still to be deleted of a recording.' });

export const deletionViewOf = (deletion: Deletion | undefined): z.input<typeof deletionView> | null => {
  if (deletion === undefined) return null;
  const { at, objects, record, failures, reason, dueAt } = deletion;
  return { requestedAt: at, objects, record, failures, reason: reason ?? null, nextTryAt: dueAt };
};
