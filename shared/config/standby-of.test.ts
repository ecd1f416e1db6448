import { describe, expect, it } from 'vitest';
import type { Standby } from '../schemas/standby.ts';
import { type Template, templateInputSchema } from '../schemas/template.ts';
import type { Content } from './content.ts';
import { standbyIdOf, withStandby } from './standby-of.ts';

const AT = '2026-11-22T10:00:00.000Z';
const STANDBY: Standby = {
  ...{ standbyId: 'stb_1', name: 'slate', key: 'standbys/1/a.png', sha256: 'a'.repeat(64) },
  ...{ contentType: 'image/png', width: 100, height: 50, sizeBytes: 10, fileSha256: 'b'.repeat(64) },
  ...{ createdAt: AT, updatedAt: AT },
};
const ENCODED: Content = { content: 'watermarked', encoding: { overlays: [], audioOnly: false } };
const FOUND = { standbyId: 'stb_1', standby: STANDBY };

const templateWith = (changes: object = {}): Template => ({
  ...templateInputSchema.parse({
    ...{ name: 'shows', content: 'watermarked', recordStandby: true, storage: { primary: 'sto_1' } },
    formats: { hls: { resumptionTimeout: 60 } },
    ...changes,
  }),
  ...{ templateId: 'tpl_1', createdAt: AT, updatedAt: AT },
});

describe('The standby content of a stream', () => {
  const standbys = [
    { standbyId: 'all' },
    { app: 'live', standbyId: 'app' },
    { app: 'live', stream: 'show', standbyId: 'one' },
  ];

  it('is the most specific one that the domain names', () => {
    expect(standbyIdOf({ standbys }, { app: 'live', stream: 'show' })).toBe('one');
    expect(standbyIdOf({ standbys }, { app: 'live', stream: 'other' })).toBe('app');
    expect(standbyIdOf({ standbys }, { app: 'vod', stream: 'show' })).toBe('all');
    expect(standbyIdOf({ standbys: standbys.slice(1) }, { app: 'vod', stream: 'show' })).toBeUndefined();
    expect(standbyIdOf({}, { app: 'vod', stream: 'show' })).toBeUndefined();
  });
});

describe('A plan', () => {
  it('has it by its hash, and encodes the sound, of which there may be none in it', () => {
    expect(withStandby(ENCODED, templateWith(), FOUND)).toEqual({
      content: 'watermarked',
      encoding: { overlays: [], audioOnly: false, audio: { codec: 'aac', bitrateKbps: 128 } },
      standby: { key: 'standbys/1/a.png', sha256: 'a'.repeat(64), contentType: 'image/png' },
    });
    const opus = { codec: 'opus', bitrateKbps: 96 } as const;
    const encoding = { overlays: [], audioOnly: false, audio: opus };
    expect(withStandby({ content: 'transcoded', encoding }, templateWith(), FOUND).encoding?.audio).toBe(
      opus,
    );
  });

  it('has none unless the template asks for it', () => {
    expect(withStandby(ENCODED, templateWith({ recordStandby: false }), FOUND)).toBe(ENCODED);
  });

  it.each([
    ['the original is recorded', { content: 'origin', contentReason: 'Before.' }, {}, FOUND],
    ['resumption timeout', ENCODED, { formats: { hls: {} } }, FOUND],
    ['resumption timeout', ENCODED, { formats: { mp4: {} } }, FOUND],
    ['names no standby content', ENCODED, {}, { standbyId: undefined, standby: undefined }],
    ['stb_1 has been deleted', ENCODED, {}, { standbyId: 'stb_1', standby: undefined }],
  ] as const)('has none, and says why: %s', (why, content, template, found) => {
    const bridged = withStandby(content as Content, templateWith(template), found);
    expect(bridged.contentReason).toContain(why);
    expect({ standby: bridged.standby, encoding: bridged.encoding }).toEqual({
      standby: undefined,
      encoding: (content as Content).encoding,
    });
    if ('contentReason' in content) expect(bridged.contentReason).toMatch(/^Before\. As/);
  });
});
