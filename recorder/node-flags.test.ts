import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NODE_FLAGS } from './node-flags.ts';

describe('The image', () => {
  it('starts Node with the flags that the local run uses', () => {
    const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8');
    expect(dockerfile).toContain(
      `CMD ${JSON.stringify(['node', ...NODE_FLAGS, 'recorder.mjs']).replaceAll(',', ', ')}`,
    );
  });
});
