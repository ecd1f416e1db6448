import * as z from 'zod';
import { S3Error } from '../errors.ts';
import { document, element, leaf } from '../xml.ts';
import { bucketName, type Operation, readDocument, xmlReply } from './operation.ts';

const MAX_KEYS = 1000;

const target = z.object({ Key: z.string().min(1) });
const request = z.object({
  Delete: z.object({ Object: z.union([z.array(target), target]), Quiet: z.string().optional() }),
});

export const deleteObjects: Operation = async (context) => {
  const bucket = bucketName(context);
  context.store.bucket(bucket);
  const parsed = request.safeParse(await readDocument(context));
  if (!parsed.success) throw new S3Error('MalformedXML');
  const keys = [parsed.data.Delete.Object].flat().map(({ Key }) => Key);
  if (keys.length > MAX_KEYS) throw new S3Error('MalformedXML');
  await context.store.deleteObjects(bucket, keys);
  const deleted = parsed.data.Delete.Quiet === 'true' ? [] : keys;
  return xmlReply(
    document(
      'DeleteResult',
      deleted.map((key) => element('Deleted', leaf('Key', key))),
    ),
  );
};
