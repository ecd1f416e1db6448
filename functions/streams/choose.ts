import { createHash } from 'node:crypto';
import type { Match } from '../../shared/config/match-stream.ts';
import type { StreamKey } from '../../shared/schemas/names.ts';
import type { Plan, Recording } from '../../shared/schemas/recording.ts';
import type { Storage } from '../../shared/schemas/storage.ts';
import type { Template } from '../../shared/schemas/template.ts';

/** What is configured, as far as a starting stream needs to know. */
export interface Config {
  match(key: StreamKey): Promise<Match>;
  template(templateId: string): Promise<Template | undefined>;
  storage(storageId: string): Promise<Storage | undefined>;
}

export type Planned = { type: 'recorded'; plan: Plan } | { type: 'not-recorded'; text: string };

const notRecorded = (text: string): Planned => ({ type: 'not-recorded', text });

/** What a recorder needs to know to record this stream; or why it is not recorded. Three reads. */
export const planFor = async (config: Config, key: StreamKey): Promise<Planned> => {
  const { domain, rule } = await config.match(key);
  if (domain === undefined) return notRecorded(`The push domain ${key.domain} is not configured.`);
  if (!domain.enabled) return notRecorded(`The push domain ${key.domain} is disabled.`);
  if (rule === undefined) return notRecorded('No rule binds a template to this stream.');
  const template = await config.template(rule.templateId);
  if (template === undefined) return notRecorded(`The rule’s template ${rule.templateId} does not exist.`);
  const storage = await config.storage(template.storage.primary);
  if (storage === undefined) {
    return notRecorded(`The template’s storage ${template.storage.primary} does not exist.`);
  }
  const { templateId, content, timeZone, formats, path, maxDuration } = template;
  const { bucket, region, endpoint, forcePathStyle } = storage;
  const plan: Plan = {
    templateId,
    content,
    timeZone,
    formats,
    path,
    sourceUrl: domain.source.url,
    storage: {
      bucket,
      region,
      ...(endpoint === undefined ? {} : { endpoint }),
      ...(forcePathStyle === undefined ? {} : { forcePathStyle }),
    },
    ...(maxDuration === undefined ? {} : { maxDurationSeconds: maxDuration * 60 }),
  };
  return { type: 'recorded', plan };
};

/** Whether `recording`, of an earlier session, may go on with a session that began at `startedAt` under `plan`. */
export const isResumable = (recording: Recording, plan: Plan, startedAt: string): boolean => {
  if (recording.plan.templateId !== plan.templateId) return false;
  switch (recording.state) {
    case 'paused':
      return startedAt <= (recording.pausedUntil ?? '');
    case 'recording':
      return (recording.plan.formats.hls?.resumptionTimeout ?? 0) > 0;
    default:
      return false;
  }
};

/** The same for the same session and template, so that making a recording can be repeated. */
export const recordIdOf = (sessionId: string, templateId: string): string =>
  `rec_${createHash('sha256').update(`${sessionId}/${templateId}`).digest('hex').slice(0, 26)}`;
