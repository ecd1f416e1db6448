import type { Filter } from './resource.ts';

/** Ids that the API makes: a prefix and a ULID. */
export const hasIdForm =
  (prefix: string) =>
  (text: string): boolean =>
    new RegExp(`^${prefix}_[0-9A-HJKMNP-TV-Z]{26}$`).test(text);

export const domainFilter: Filter = {
  flags: '--domain <domain>',
  about: 'of this push domain',
  query: 'domain',
};
export const appFilter: Filter = { flags: '--app <app>', about: 'of this application', query: 'app' };
export const streamFilter: Filter = { flags: '--stream <stream>', about: 'of this stream', query: 'stream' };
export const templateFilter: Filter = {
  flags: '--template <template>',
  about: 'of this template (id or name)',
  query: 'templateId',
  kind: 'template',
};
export const fromFilter: Filter = {
  flags: '--from <time>',
  about: 'started at this time or later: RFC 3339, or from now as -2h',
  query: 'from',
  kind: 'time',
};
export const toFilter: Filter = {
  flags: '--to <time>',
  about: 'started at this time or earlier',
  query: 'to',
  kind: 'time',
};

/** `domain/app/stream`, as far as there is something. */
export const keyText = (key: { domain: string; app?: string; stream?: string }): string =>
  [key.domain, key.app, key.stream].filter((part) => part !== undefined).join('/');
