import { describe, expect, it } from 'vitest';
import { statementsOf } from '../policies.fixture.ts';
import { synthesizeTemplates } from '../synthesized.fixture.ts';

const may = (action: string, context: Record<string, unknown> = {}) => {
  const { control, recorder } = synthesizeTemplates(context);
  return [...statementsOf(control), ...statementsOf(recorder)]
    .filter(({ actions }) => actions.includes(action))
    .map(({ role, actions, resources }) => ({
      role: role.replace(/(TaskTask)?Role[0-9A-F]+$/, ''),
      actions,
      resources,
    }));
};
const MEDIA = ['Api', 'Completion', 'Deletions', 'Recorders', 'RemoteSteps', 'UploadRetry', 'Workers'];

describe('the credentials of storages', () => {
  it('are secrets of the deployment’s own prefix and no roles, unless the deployment names more', () => {
    const secrets = may('secretsmanager:GetSecretValue', { deployment: 'vod' });
    expect(secrets.map(({ role }) => role).sort()).toEqual(MEDIA);
    for (const { actions, resources } of secrets) {
      expect(actions).toEqual(['secretsmanager:GetSecretValue']);
      expect(resources).toEqual([expect.stringMatching(/:secretsmanager:.*:secret:vod\/storages\/\*"/)]);
    }
    expect(may('sts:AssumeRole')).toEqual([]);
  });

  it('are exactly the roles and secrets that it names', () => {
    const roles = ['arn:aws:iam::123456789012:role/media', 'arn:aws:iam::210987654321:role/path/other'];
    const byArn = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:vendor-AbCdEf';
    const context = { storageRoles: roles.join(','), storageSecrets: ['vendor/keys', byArn] };
    const assumed = may('sts:AssumeRole', context);
    expect(assumed.map(({ role }) => role).sort()).toEqual(MEDIA);
    for (const { actions, resources } of assumed) {
      expect(actions).toEqual(['sts:AssumeRole']);
      expect(resources).toEqual(roles.map((arn) => JSON.stringify(arn)));
    }
    for (const { resources } of may('secretsmanager:GetSecretValue', context)) {
      expect(resources).toEqual([
        JSON.stringify(byArn),
        expect.stringContaining(':secret:streamkeep/storages/*"'),
        expect.stringContaining(':secret:vendor/keys-??????"'),
      ]);
    }
  });
});
