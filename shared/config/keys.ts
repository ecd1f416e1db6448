import type { Key } from './items.ts';

/** Where the table keeps each kind of configuration. */
export const domainKey = (domain: string): Key => ({ pk: `DOMAIN#${domain}`, sk: 'DOMAIN' });
export const storageKey = (storageId: string): Key => ({ pk: `STORAGE#${storageId}`, sk: 'STORAGE' });
export const templateKey = (templateId: string): Key => ({ pk: `TEMPLATE#${templateId}`, sk: 'TEMPLATE' });
export const ruleKey = (ruleId: string): Key => ({ pk: `RULE#${ruleId}`, sk: 'RULE' });
