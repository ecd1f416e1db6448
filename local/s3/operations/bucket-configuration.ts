import * as z from 'zod';
import { receiveText } from '../body/receive.ts';
import { S3Error } from '../errors.ts';
import type { CorsRule } from '../store/records.ts';
import { document, element, leaf, parseXml } from '../xml.ts';
import { bucketName, type Operation, readDocument, xmlReply } from './operation.ts';

// The parser gives one element as a value and several as a list.
const strings = z
  .union([z.string(), z.array(z.string())])
  .optional()
  .transform((value) => (value === undefined ? [] : [value].flat()));

const corsRule = z
  .object({
    AllowedOrigin: strings,
    AllowedMethod: strings,
    AllowedHeader: strings,
    ExposeHeader: strings,
    MaxAgeSeconds: z.coerce.number().int().nonnegative().optional(),
  })
  .refine((rule) => rule.AllowedOrigin.length > 0 && rule.AllowedMethod.length > 0)
  .transform(
    (rule): CorsRule => ({
      allowedOrigins: rule.AllowedOrigin,
      allowedMethods: rule.AllowedMethod,
      allowedHeaders: rule.AllowedHeader,
      exposeHeaders: rule.ExposeHeader,
      ...(rule.MaxAgeSeconds !== undefined && { maxAgeSeconds: rule.MaxAgeSeconds }),
    }),
  );

const corsConfiguration = z.object({
  CORSConfiguration: z.object({ CORSRule: z.union([z.array(corsRule), corsRule]) }),
});

const lifecycleRule = z.looseObject({ Status: z.enum(['Enabled', 'Disabled']) });
const lifecycleConfiguration = z.object({
  LifecycleConfiguration: z.looseObject({ Rule: z.union([z.array(lifecycleRule), lifecycleRule]) }),
});

export const putCors: Operation = async (context) => {
  const { settings } = context.store.bucket(bucketName(context));
  const parsed = corsConfiguration.safeParse(await readDocument(context));
  if (!parsed.success) throw new S3Error('MalformedXML');
  const cors = [parsed.data.CORSConfiguration.CORSRule].flat();
  await context.store.putBucket({ ...settings, cors });
  return { status: 200 };
};

export const getCors: Operation = async (context) => {
  const { cors } = context.store.bucket(bucketName(context)).settings;
  if (!cors) throw new S3Error('NoSuchCORSConfiguration');
  const rules = cors.map((rule) =>
    element('CORSRule', [
      ...rule.allowedOrigins.map((value) => leaf('AllowedOrigin', value)),
      ...rule.allowedMethods.map((value) => leaf('AllowedMethod', value)),
      ...rule.allowedHeaders.map((value) => leaf('AllowedHeader', value)),
      ...rule.exposeHeaders.map((value) => leaf('ExposeHeader', value)),
      leaf('MaxAgeSeconds', rule.maxAgeSeconds),
    ]),
  );
  return xmlReply(document('CORSConfiguration', rules));
};

export const deleteCors: Operation = async (context) => {
  const { cors: _, ...settings } = context.store.bucket(bucketName(context)).settings;
  await context.store.putBucket(settings);
  return { status: 204 };
};

export const putLifecycle: Operation = async (context) => {
  const { settings } = context.store.bucket(bucketName(context));
  const body = await receiveText(context.request, context.authentication);
  if (!lifecycleConfiguration.safeParse(parseXml(body)).success) throw new S3Error('MalformedXML');
  await context.store.putBucket({ ...settings, lifecycle: body });
  return { status: 200 };
};

export const getLifecycle: Operation = async (context) => {
  const { lifecycle } = context.store.bucket(bucketName(context)).settings;
  if (lifecycle === undefined) throw new S3Error('NoSuchLifecycleConfiguration');
  return xmlReply(lifecycle);
};

export const deleteLifecycle: Operation = async (context) => {
  const { lifecycle: _, ...settings } = context.store.bucket(bucketName(context)).settings;
  await context.store.putBucket(settings);
  return { status: 204 };
};
