export const SOURCE_SCHEMES = ['rtmp', 'rtmps', 'rtsp', 'rtsps', 'srt', 'http', 'https'] as const;

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** What is wrong with a source URL template, in words; undefined when it is right. */
export const sourceUrlProblem = (template: string): string | undefined => {
  for (const [, name] of template.matchAll(PLACEHOLDER)) {
    if (name !== 'app' && name !== 'stream') return `{${name}} is unknown; allowed: {app}, {stream}`;
  }
  if (!template.includes('{stream}'))
    return 'must hold {stream}, such as rtmp://origin.example.com/{app}/{stream}';
  const url = URL.parse(template.replaceAll(PLACEHOLDER, 'x'));
  if (url === null) return 'must be a URL, such as rtmp://origin.example.com/{app}/{stream}';
  if (!SOURCE_SCHEMES.some((scheme) => url.protocol === `${scheme}:`)) {
    return `must begin with one of ${SOURCE_SCHEMES.map((scheme) => `${scheme}://`).join(', ')}`;
  }
  // Parsers drop control characters and read \ as /, so that the host would be elsewhere than it seems to be.
  if (/[\p{Cc}\\]/u.test(template)) return 'must not hold control characters or \\';
  // Of http, the host begins after any number of slashes.
  const [, authority] = /^[a-z]+:\/\/([^/?#\s]+)/i.exec(template) ?? [];
  if (url.hostname === '' || authority === undefined) return 'must name a host';
  // A placeholder in the host would let a publisher choose where the recorder connects to.
  if (authority.includes('{')) return 'placeholders are allowed in the path and the query only';
  return undefined;
};

/** The URL one stream is pulled from. Names are percent-encoded, so that they cannot change host or path depth. */
export const sourceUrl = (template: string, key: { app: string; stream: string }): string =>
  template
    .replaceAll('{app}', key.app.split('/').map(encodeURIComponent).join('/'))
    .replaceAll('{stream}', encodeURIComponent(key.stream));
