import type { Tag } from '../route.ts';

export const INFO = {
  title: 'Streamkeep',
  version: '1.0',
  summary: 'Records live streams into your own object storage.',
  description: [
    'What is recorded, how and where to is configuration: **storages** to write to, **templates** that say in which',
    'formats, **domains** that streams are pushed to, and **rules** that bind a template to a domain, to an app or to',
    'one stream. **Tasks** record one stream on demand or on time. **Streams** and **recordings** are what becomes of it.',
    '',
    'Times are RFC 3339. Every request that is refused is answered with problem details (RFC 9457), which name each bad',
    'field. Lists are read page by page: give the `cursor` of one answer to the next request, until it is `null`.',
    'What can be edited has an `ETag`; send it back as `If-Match`, so that nobody overwrites what another has changed.',
    'Beyond some hundred requests a second, API Gateway answers 429 before Streamkeep is asked.',
  ].join('\n'),
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
} as const;

export const TAG_DESCRIPTIONS: Readonly<Record<Tag, string>> = {
  Domains:
    'Push domains: where streams are pushed to, which ingest server is there, and where recorders pull from.',
  Storages: 'Buckets that recordings are written to, each tried with all that recording needs.',
  Templates: 'What is recorded, in which formats, where to and for how long.',
  Watermarks: 'Images that lie on the picture, for templates to refer to.',
  Transcodes: 'What picture and sound are encoded as, for templates to refer to.',
  Standbys:
    'Images and short videos that stand in the place of a stream while it is away, for domains to name.',
  Orchestrations: 'What happens to files once they are ready: steps, each with an input and an output.',
  Rules: 'Bindings of templates. The most specific one wins: stream before app before domain.',
  Tasks: 'Recordings of one stream on demand, or from one time to another.',
  Streams: 'What is live, and what became of it.',
  Recordings: 'Everything recorded of one stream from its start to its end, and the files of it.',
  Callbacks: 'What Streamkeep tells your servers, delivery by delivery.',
  Tokens: 'Bearer tokens of this API.',
  Description: 'This description.',
};

/** Names of the security schemes; an operation says which scope of a token it needs. */
export const SECURITY_SCHEMES = {
  token: {
    type: 'http',
    scheme: 'bearer',
    description:
      'A token of this API. Each has scopes: `read`, `write`, `ingest`; the scope that an operation needs is named beside it.',
  },
  domainSecret: {
    type: 'apiKey',
    in: 'query',
    name: 'secret',
    description: 'The secret of a push domain, for ingest servers that can only be given a URL.',
  },
  domainSecretHeader: {
    type: 'apiKey',
    in: 'header',
    name: 'x-streamkeep-secret',
    description: 'The secret of a push domain.',
  },
} as const;
