import { dataOf, type Schemas } from '../../client/index.ts';
import type { Context } from '../context.ts';
import type { Cleanup } from './cleanup.ts';
import { type Destination, pathOf } from './destination.ts';
import type { SplitSource } from './source.ts';
import { type BucketOptions, storageOf } from './storage.ts';

export interface OneOff {
  readonly source: SplitSource;
  readonly destination: Destination;
  readonly bucket: BucketOptions;
  readonly formats: readonly ('hls' | 'mp4' | 'flv' | 'aac')[];
  /** Of its files. */
  readonly name: string | undefined;
  readonly seconds: number;
}

const APP = 'once';

/** Says that the stream begins or ends, as its ingest server would. */
const tell = (
  context: Context,
  { domain, secret }: Schemas['DomainWithSecret'],
  push: { type: 'started' | 'stopped'; stream: string; clientId: string },
): Promise<unknown> => {
  const path = { adapter: 'webhook' as const, domain };
  // Its body is each adapter's own, so the description does not type it.
  const body = { ...push, app: APP } as never;
  return dataOf(context.withToken(secret).POST('/v1/ingest/{adapter}/{domain}', { params: { path }, body }));
};

/**
 * Makes what one recording needs, and has it begin: a push domain whose source is the URL, a template, a task, and the
 * event that the stream is there.
 * @param id tells this recording's things from others'
 */
export const setUp = async (
  context: Context,
  { source, destination, bucket, formats, name, seconds }: OneOff,
  id: string,
  cleanup: Cleanup,
): Promise<Schemas['Task']> => {
  const { api, io } = context;
  const storage = await storageOf(context, bucket, id);

  const domain = `once-${id}.invalid`;
  const domainPath = { path: { domain } };
  cleanup.add(
    () => dataOf(api.DELETE('/v1/domains/{domain}', { params: domainPath })),
    `domains delete ${domain} --yes`,
  );
  const made = await dataOf(
    api.POST('/v1/domains', { body: { domain, adapter: 'webhook', source: { url: source.template } } }),
  );

  const template = await dataOf(
    api.POST('/v1/templates', {
      body: {
        name: `once-${id}`,
        // Whoever asks for AAC of one stream wants it in any case.
        formats: Object.fromEntries(
          formats.map((format) => [format, format === 'aac' ? { when: 'always' } : {}]),
        ),
        storage: { primary: storage.storageId },
        path: pathOf(destination, name),
      },
    }),
  );
  const { templateId } = template;
  cleanup.add(
    () => dataOf(api.DELETE('/v1/templates/{templateId}', { params: { path: { templateId } } })),
    `templates delete ${templateId} --yes`,
  );

  // By the clock of the API: it is the one that ends the task.
  const ahead = Date.parse(template.createdAt) - io.now().getTime();
  const task = await dataOf(
    api.POST('/v1/tasks', {
      body: {
        domain,
        app: APP,
        stream: source.stream,
        templateId,
        endTime: new Date(io.now().getTime() + ahead + seconds * 1000).toISOString(),
      },
    }),
  );
  const { taskId } = task;
  cleanup.add(
    () => dataOf(api.DELETE('/v1/tasks/{taskId}', { params: { path: { taskId } } })),
    `tasks delete ${taskId} --yes`,
  );

  const push = { stream: source.stream, clientId: id };
  // Should it not be heard, the silence of the source ends the session.
  cleanup.add(() => tell(context, made, { type: 'stopped', ...push }));
  await tell(context, made, { type: 'started', ...push });
  return task;
};
