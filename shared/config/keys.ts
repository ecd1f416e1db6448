import type { Key } from './items.ts';

/** Where the table keeps each kind of configuration. */
export const domainKey = (domain: string): Key => ({ pk: `DOMAIN#${domain}`, sk: 'DOMAIN' });
export const storageKey = (storageId: string): Key => ({ pk: `STORAGE#${storageId}`, sk: 'STORAGE' });
export const templateKey = (templateId: string): Key => ({ pk: `TEMPLATE#${templateId}`, sk: 'TEMPLATE' });
export const ruleKey = (ruleId: string): Key => ({ pk: `RULE#${ruleId}`, sk: 'RULE' });
export const taskKey = (taskId: string): Key => ({ pk: `TASK#${taskId}`, sk: 'TASK' });
export const watermarkKey = (watermarkId: string): Key => ({
  pk: `WATERMARK#${watermarkId}`,
  sk: 'WATERMARK',
});
export const standbyKey = (standbyId: string): Key => ({ pk: `STANDBY#${standbyId}`, sk: 'STANDBY' });
export const transcodeKey = (transcodeId: string): Key => ({
  pk: `TRANSCODE#${transcodeId}`,
  sk: 'TRANSCODE',
});
export const orchestrationKey = (orchestrationId: string): Key => ({
  pk: `ORCHESTRATION#${orchestrationId}`,
  sk: 'ORCHESTRATION',
});
