import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsSolutionsChecks } from 'cdk-nag';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { buildApp } from './build-app.ts';

const outdir = mkdtempSync(join(tmpdir(), 'streamkeep-synth-'));
afterAll(() => rmSync(outdir, { recursive: true }));
afterEach(() => {
  vi.unstubAllEnvs();
});

const withoutBundling = { 'aws:cdk:bundling-stacks': [] };

describe('the app', () => {
  it('synthesizes without an AWS environment and without look-ups, each function with code of its own', () => {
    for (const name of Object.keys(process.env)) {
      if (/^(AWS|CDK)_/.test(name)) vi.stubEnv(name, undefined);
    }
    const assembly = buildApp({ outdir }).synth();
    expect(assembly.manifest.missing).toBeUndefined();
    expect(assembly.stacks.map((stack) => [stack.stackName, stack.environment.name])).toEqual([
      ['streamkeep-data', 'aws://unknown-account/unknown-region'],
      ['streamkeep-control', 'aws://unknown-account/unknown-region'],
      ['streamkeep-recorder', 'aws://unknown-account/unknown-region'],
    ]);
    const { files } = JSON.parse(readFileSync(join(outdir, 'Control.assets.json'), 'utf8'));
    const bundles = Object.values<{ source: { path: string } }>(files).filter(({ source }) =>
      source.path.startsWith('asset.'),
    );
    expect(bundles).toHaveLength(12);
    for (const { source } of bundles) {
      expect(readFileSync(join(outdir, source.path, 'index.mjs'), 'utf8')).toMatch(
        /export\s*\{.*\bhandler\b.*\}/,
      );
    }
  });

  it.each([
    ['as it comes', {}],
    [
      'with every setting',
      {
        recordingBuckets: 'vod-archive,arn:aws:s3:::other-bucket',
        sourceAllowedCidrs: '10.0.0.0/8',
        storageRoles: 'arn:aws:iam::123456789012:role/media',
        storageSecrets: 'vendor/keys',
        lambdaFunctions: 'arn:aws:lambda:eu-central-1:123456789012:function:index',
        stateMachines: 'arn:aws:states:eu-central-1:123456789012:stateMachine:review',
        jobTemplates: 'ladder',
        alarmTopicArn: 'arn:aws:sns:eu-west-1:111122223333:pager',
        deployment: 'staging',
        retainData: 'false',
      },
    ],
  ])('has no finding of the AWS Solutions rules, %s', (_, settings) => {
    const app = buildApp({ context: { ...withoutBundling, ...settings } });
    // Cross-stack references become the imports that the rules look at when the app is synthesized.
    app.synth();
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations.map(({ ruleName, violatingResources }) => [ruleName, violatingResources])).toEqual([]);
  });

  it('is held to those rules by synthesis itself when checks are asked for', () => {
    const app = buildApp({ checks: true, context: withoutBundling });
    expect(app._validationPlugins.map(({ name }) => name)).toContain(new AwsSolutionsChecks(app).name);
  });
});
