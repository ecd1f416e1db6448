import { pngOf } from '../../shared/images/image.fixture.ts';
import type { Answer, TestApi } from './api.ts';

/** What was made. @throws Error when it was not */
export const made = ({ status, json, text }: Answer) => {
  if (status !== 201) throw new Error(`Answered ${status}: ${text}`);
  return json;
};

/** The only field that is wrong. */
export const badField = ({ status, json }: Answer) => ({
  status,
  ...json.errors[0],
  count: json.errors.length,
});

/** `If-Match` with the version of an earlier answer. */
export const matching = ({ headers }: Answer) => ({ headers: { 'if-match': String(headers.etag) } });
export const ANY_VERSION = { headers: { 'if-match': '*' } };

export const SOURCE = { url: 'rtmp://origin.example.com/{app}/{stream}' };

/** Quick ways to configure something through the API; all have names of their own. */
export const createApiConfig = (api: () => TestApi) => {
  let count = 0;
  const unique = (name: string): string => {
    count += 1;
    return `${name}-${count}`;
  };
  const post = async (path: string, body: unknown) => made(await api().call('POST', path, { body }));

  const domainBody = () => ({
    domain: `${unique('push')}.example.com`,
    adapter: 'nginx-rtmp',
    source: SOURCE,
  });
  const storageBody = (region = 'eu-central-1') => ({ name: unique('bucket'), bucket: 'my-bucket', region });
  const templateBody = (primary: string) => ({
    name: unique('all'),
    formats: { mp4: {} },
    storage: { primary },
  });
  const aStorage = (region?: string) => post('/v1/storages', storageBody(region));

  return {
    unique,
    domainBody,
    storageBody,
    templateBody,
    aStorage,
    aDomain: () => post('/v1/domains', domainBody()),
    aTemplate: async () => post('/v1/templates', templateBody((await aStorage()).storageId)),
    aTranscode: async () => post('/v1/transcodes', { name: unique('hd'), video: {} }),
    aWatermark: async () => {
      const place = { xPercent: 85, yPercent: 5, widthPercent: 10 };
      const images = [{ ...place, data: pngOf().toString('base64') }];
      return post('/v1/watermarks', { name: unique('logo'), images });
    },
    aRule: (body: unknown) => post('/v1/rules', body),
  };
};
