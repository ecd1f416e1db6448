import { isBuiltin } from 'node:module';
import { describe, expect, it } from 'vitest';
import { bundleForLambda } from './esbuild.ts';

describe('The bundle of the API', () => {
  it('is small enough for a quick cold start', () => {
    const [code] = bundleForLambda(['functions/api/handler.ts']);
    expect(code?.length).toBeGreaterThan(100_000);
    expect(code?.length).toBeLessThan(1_000_000);
  });

  it('loads nothing but modules of Node itself', () => {
    const [code] = bundleForLambda(['functions/api/handler.ts']);
    const imported = [...new TextDecoder().decode(code).matchAll(/(?:^|;)import[^;"']*["']([^"']+)["']/g)];
    expect(imported.length).toBeGreaterThan(0);
    expect(imported.map(([, name]) => name).filter((name) => !isBuiltin(name ?? ''))).toEqual([]);
  });
});
