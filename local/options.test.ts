import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseOptions } from './options.ts';

describe('The command line', () => {
  it('has the documented defaults', () => {
    expect(parseOptions([])).toEqual({
      type: 'run',
      options: { data: resolve('.streamkeep'), host: '127.0.0.1', port: 8080, rtmpPort: 1935, s3Port: 4566 },
    });
  });

  it('takes every option, and port 0', () => {
    const args = '--data /tmp/x --host 0.0.0.0 --port 0 --rtmp-port 0 --s3-port 9000 --recorders 2'.split(
      ' ',
    );
    expect(parseOptions(args)).toEqual({
      type: 'run',
      options: { data: '/tmp/x', host: '0.0.0.0', port: 0, rtmpPort: 0, s3Port: 9000, recorders: 2 },
    });
  });

  it('reports all faults together', () => {
    const parsed = parseOptions(['--port', '99999', '--rtmp-port', 'x', '--host', 'example.com']);
    expect(parsed).toEqual({
      type: 'bad',
      problems: [
        "--host must be an IP address of this machine (127.0.0.1, 0.0.0.0, ...), not 'example.com'",
        "--port must be a whole number from 0 to 65535, not '99999'",
        "--rtmp-port must be a whole number from 0 to 65535, not 'x'",
      ],
    });
  });

  it.each([[['--what']], [['--port']], [['extra']], [['--port', '1935']], [['--data', '']]])(
    'refuses %j',
    (args) => {
      expect(parseOptions(args)).toMatchObject({ type: 'bad', problems: [expect.any(String)] });
    },
  );

  it('shows its usage on request', () => {
    expect(parseOptions(['--help'])).toEqual({ type: 'help' });
  });
});
