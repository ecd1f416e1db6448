import { describe, expect, it } from 'vitest';
import { sourceUrl, sourceUrlProblem } from './source-url.ts';

describe('Where a stream is pulled from', () => {
  it.each([
    'rtmp://origin.example.com/{app}/{stream}',
    'RTMPS://user:key@10.0.0.7:1936/live/{stream}?app={app}',
    'srt://origin.example.com:9000?streamid={app}/{stream}',
    'https://[2001:db8::7]/{stream}/index.m3u8#live',
  ])('may be %s', (template) => {
    expect(sourceUrlProblem(template)).toBeUndefined();
    const [one, other] = ['one.example.com', '127.0.0.1'].map(
      (name) => new URL(sourceUrl(template, { app: name, stream: name })).host,
    );
    expect(one).toBe(other);
  });

  it.each([
    'http:///{stream}/live',
    'http:/{stream}/live',
    'http:{stream}/live',
    'http:/\\{stream}/live',
    'http://\\{stream}/live',
    'http://\t/{stream}/live',
    'http://\n{stream}/live',
    'rtmp:///{stream}',
    'http://{stream}/live',
    'http://{app}@origin.example.com/{stream}',
    'rtmp://origin.example.com:{app}/{stream}',
  ])('is never for the publisher to choose, as in %j', (template) => {
    expect(sourceUrlProblem(template)).toEqual(expect.any(String));
  });

  it.each([
    ['rtmp://origin.example.com/live', 'must hold {stream}'],
    ['rtmp://origin.example.com/{stream}/{secret}', '{secret} is unknown'],
    ['file:///etc/{stream}', 'must begin with one of rtmp://'],
    ['origin.example.com/{stream}', 'must be a URL'],
    [`http://whsec_${'A'.repeat(30_000)}!/{stream}`, 'must be a URL'],
  ])('is told what is wrong with %.40s', (template, problem) => {
    expect(sourceUrlProblem(template)).toContain(problem);
  });
});
