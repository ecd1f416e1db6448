import { DEFAULT_PATH } from '../path/placeholders.ts';
import type { Domain } from '../schemas/domain.ts';
import { FORMATS, type StreamKey } from '../schemas/names.ts';
import type { Plan } from '../schemas/recording.ts';
import { bucketOf, type Storage } from '../schemas/storage.ts';
import type { Task } from '../schemas/task.ts';
import { formatsSchema, LONGEST_RECORDING_MINUTES, type Template } from '../schemas/template.ts';
import type { Table } from '../table/table.ts';
import { contentOf } from './content.ts';
import { type Match, matchStream } from './match-stream.ts';
import { type BridgedContent, standbyIdOf, withStandby } from './standby-of.ts';
import { createStorages } from './storages.ts';
import { readParts, type TemplateParts } from './template-parts.ts';
import { createTemplates } from './templates.ts';

/** What is configured, as far as a starting stream needs to know. */
export interface Config {
  match(key: StreamKey): Promise<Match>;
  template(templateId: string): Promise<Template | undefined>;
  /** All that a template refers to, as far as it is there, and the standby content that the domain names. */
  parts(template: Template, standbyId?: string): Promise<TemplateParts>;
  /** Of tasks without a template. */
  defaultStorage(): Promise<Storage | undefined>;
}

export const openConfig = (table: Table): Config => {
  const [templates, storages] = [createTemplates(table), createStorages(table)];
  return {
    match: (key) => matchStream(table, key),
    template: templates.get,
    parts: (template, standbyId) => readParts(table, template, standbyId),
    defaultStorage: storages.getDefault,
  };
};

export type Planned =
  /** `origin`: who wants it, the id of the rule's template or of a task. */
  { type: 'recorded'; origin: string; plan: Plan } | { type: 'not-recorded'; text: string };

const notRecorded = (text: string): Planned => ({ type: 'not-recorded', text });

/** Where the stream is pulled from; and, where a reader may come before the publisher, that the start waits for it. */
const sourceOf = ({ source, losslessStart }: Domain): Pick<Plan, 'sourceUrl' | 'announceConnected'> => ({
  sourceUrl: source.url,
  ...(losslessStart && /^rtmps?:/.test(source.url) ? { announceConnected: true } : {}),
});

/** The orchestrations that files go through, by their format. */
const orchestrationsOf = ({ postProcessing }: Template): Pick<Plan, 'postProcessing'> =>
  postProcessing === undefined
    ? {}
    : {
        postProcessing: Object.fromEntries(
          FORMATS.flatMap((format) => {
            const id = postProcessing[format]?.orchestrationId;
            return id === undefined ? [] : [[format, id]];
          }),
        ),
      };

/** The path without what is known now already: what is transcoded has the transcode template's id in it. */
const pathOf = ({ path, transcodeId }: Template, content: Plan['content']): string =>
  path.replaceAll('{RecordSource}', content === 'transcoded' ? String(transcodeId) : 'origin');

/** The images of a watermark, and standby content, are kept for as long as a recording can need them. */
const longestOf = ({ maxDuration }: Template, { encoding, standby }: BridgedContent): number | undefined => {
  const needs = standby !== undefined || (encoding?.overlays.length ?? 0) > 0;
  return maxDuration ?? (needs ? LONGEST_RECORDING_MINUTES : undefined);
};

const planOf = (
  template: Template,
  domain: Domain,
  storage: Storage,
  { backup, standby, ...parts }: TemplateParts,
  standbyId: string | undefined,
): Plan => {
  const { templateId, timeZone, formats, retentionDays, thumbnails } = template;
  const content = withStandby(contentOf(template, parts), template, { standbyId, standby });
  const maxMinutes = longestOf(template, content);
  return {
    templateId,
    ...content,
    timeZone,
    formats,
    path: pathOf(template, content.content),
    ...sourceOf(domain),
    ...orchestrationsOf(template),
    storage: bucketOf(storage),
    ...(thumbnails === undefined ? {} : { thumbnails }),
    ...(maxMinutes === undefined ? {} : { maxDurationSeconds: maxMinutes * 60 }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(backup === undefined ? {} : { backup: bucketOf(backup) }),
  };
};

const planByTemplate = async (
  config: Config,
  domain: Domain,
  templateId: string,
  key: StreamKey,
): Promise<Planned> => {
  const template = await config.template(templateId);
  if (template === undefined) return notRecorded(`The template ${templateId} does not exist.`);
  const standbyId = template.recordStandby ? standbyIdOf(domain, key) : undefined;
  const parts = await config.parts(template, standbyId);
  const { storage } = parts;
  if (storage === undefined) {
    return notRecorded(`The template’s storage ${template.storage.primary} does not exist.`);
  }
  return { type: 'recorded', origin: templateId, plan: planOf(template, domain, storage, parts, standbyId) };
};

/**
 * A path that no other recording of the stream uses. A rule and tasks may record it by one template at once, and their
 * files would overwrite one another: they begin in the same second.
 */
const pathApart = (path: string): string =>
  /\{(?:RecordId|RandomID)\}/.test(path) ? path : `${path}-{RecordId}`;

const planWithoutTemplate = async (config: Config, domain: Domain, origin: string): Promise<Planned> => {
  const storage = await config.defaultStorage();
  if (storage === undefined) return notRecorded('There is no default storage for tasks without a template.');
  const plan: Plan = {
    content: 'origin',
    timeZone: 'UTC',
    formats: formatsSchema.parse({ hls: {} }),
    path: DEFAULT_PATH,
    ...sourceOf(domain),
    storage: bucketOf(storage),
  };
  return { type: 'recorded', origin, plan };
};

/**
 * What a recorder needs to know to record this stream for `task`, or else for its rule; or why it is not recorded.
 * Three reads: domain and rules in one, the template, and all that it refers to in one.
 */
export const planFor = async (config: Config, key: StreamKey, task?: Task): Promise<Planned> => {
  const { domain, rule } = await config.match(key);
  if (domain === undefined) return notRecorded(`The push domain ${key.domain} is not configured.`);
  if (!domain.enabled) return notRecorded(`The push domain ${key.domain} is disabled.`);
  if (task === undefined) {
    return rule === undefined
      ? notRecorded(
          `No rule binds a template to ${key.domain}, to its app ${key.app}, or to the stream ${key.stream} in it.`,
        )
      : planByTemplate(config, domain, rule.templateId, key);
  }
  const planned =
    task.templateId === undefined
      ? await planWithoutTemplate(config, domain, task.taskId)
      : await planByTemplate(config, domain, task.templateId, key);
  if (planned.type === 'not-recorded') return planned;
  const { plan } = planned;
  return {
    type: 'recorded',
    origin: task.taskId,
    plan: { ...plan, path: pathApart(plan.path), endsAt: task.endTime },
  };
};
