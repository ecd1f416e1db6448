import type { Body } from '../body/paths.ts';
import { callbacks } from '../resources/callbacks.ts';
import { keyText } from '../resources/common.ts';
import { domains } from '../resources/domains.ts';
import { orchestrations } from '../resources/orchestrations.ts';
import type { AnyResource, Reference } from '../resources/resource.ts';
import { rules } from '../resources/rules.ts';
import { standbys } from '../resources/standbys.ts';
import { storages } from '../resources/storages.ts';
import { templates } from '../resources/templates.ts';
import { transcodes } from '../resources/transcodes.ts';
import { watermarks } from '../resources/watermarks.ts';

export type KindName =
  | 'Storage'
  | 'Watermark'
  | 'Transcode'
  | 'Standby'
  | 'Orchestration'
  | 'Template'
  | 'Domain'
  | 'Rule'
  | 'Callback';

/** What of the configuration can be in a file. */
export interface Kind {
  readonly kind: KindName;
  readonly resource: AnyResource;
  /** Of its input, in the API's description. */
  readonly schema: string;
  /** What makes it the one it is; undefined when that is not said. */
  nameOf(body: Body): string | undefined;
  /** Fields that are called otherwise in files than in the API. */
  readonly aliases: Readonly<Record<string, string>>;
  /** Secrets: taken when one is made, and never shown. */
  readonly secrets: readonly string[];
  /** Fields that stay what they are when nothing is said of them. */
  readonly kept: readonly string[];
}

const textAt =
  (name: string) =>
  (body: Body): string | undefined => {
    const value = body[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };

const ruleName = ({ domain, app, stream }: Body): string | undefined => {
  const optional = (value: unknown): value is string | undefined =>
    value === undefined || typeof value === 'string';
  if (typeof domain !== 'string' || !optional(app) || !optional(stream)) return undefined;
  return keyText({
    domain,
    ...(app === undefined ? {} : { app }),
    ...(stream === undefined ? {} : { stream }),
  });
};

const kindOf = (
  kind: KindName,
  resource: AnyResource,
  nameOf: Kind['nameOf'],
  more: Partial<Pick<Kind, 'aliases' | 'secrets' | 'kept'>> = {},
): Kind => ({
  kind,
  resource,
  schema: `${kind}Input`,
  nameOf,
  aliases: {},
  secrets: [],
  kept: [],
  ...more,
});

/** In the order in which they can be made: each refers to earlier ones only. */
export const KINDS: readonly Kind[] = [
  kindOf('Storage', storages, textAt('name'), { kept: ['default'] }),
  kindOf('Watermark', watermarks, textAt('name')),
  kindOf('Transcode', transcodes, textAt('name')),
  kindOf('Standby', standbys, textAt('name')),
  kindOf('Orchestration', orchestrations, textAt('name')),
  kindOf('Template', templates, textAt('name'), {
    aliases: { watermark: 'watermarkId', transcode: 'transcodeId' },
  }),
  kindOf('Domain', domains, textAt('domain'), { secrets: ['secret'] }),
  kindOf('Rule', rules, ruleName, { aliases: { template: 'templateId' } }),
  kindOf('Callback', callbacks, textAt('name'), { secrets: ['secret'] }),
];

export const kindNamed = (name: unknown): Kind | undefined => KINDS.find(({ kind }) => kind === name);

const TARGETS: Readonly<Record<Reference['to'], KindName>> = {
  storages: 'Storage',
  templates: 'Template',
  watermarks: 'Watermark',
  transcodes: 'Transcode',
  standbys: 'Standby',
  orchestrations: 'Orchestration',
};

/** The kind of what a field refers to. */
export const targetOf = ({ to }: Reference): KindName => TARGETS[to];

/** The API's names of what a file calls otherwise. */
export const fromAliases = ({ aliases }: Kind, body: Body): Body =>
  Object.fromEntries(Object.entries(body).map(([name, value]) => [aliases[name] ?? name, value]));

/** What a file calls a field of the API. */
export const aliasOf = ({ aliases }: Kind, field: string): string =>
  Object.entries(aliases).find(([, name]) => name === field)?.[0] ?? field;

/** As it stands in a file. */
export const toManifest = (kind: Kind, body: Body): Body => ({
  kind: kind.kind,
  ...Object.fromEntries(Object.entries(body).map(([name, value]) => [aliasOf(kind, name), value])),
});

/** Made for one recording by `streamkeep record`, and gone when that ends: no configuration. */
export const isOneOff = ({ kind }: Kind, name: string): boolean =>
  (kind === 'Template' && /^once-/.test(name)) || (kind === 'Domain' && /^once-.*\.invalid$/.test(name));
