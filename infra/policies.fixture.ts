import type { Template } from 'aws-cdk-lib/assertions';
import * as z from 'zod';
import { resourcesOf } from './synthesized.fixture.ts';

/** CloudFormation has a list of one written as that one. */
const toList = (value: unknown): unknown => (Array.isArray(value) ? value : [value]);

const policySchema = z.object({
  Roles: z.array(z.object({ Ref: z.string() })),
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Action: z.preprocess(toList, z.array(z.string())),
        Resource: z.preprocess(toList, z.array(z.unknown())),
        Condition: z.unknown().optional(),
      }),
    ),
  }),
});

/** One statement of a role's policy; `resources` are as CloudFormation has them, written as JSON. */
export interface Statement {
  readonly role: string;
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition: unknown;
}

/** What the roles of a stack may do. */
export const statementsOf = (template: Template): Statement[] =>
  resourcesOf(template, 'AWS::IAM::Policy').flatMap(([, resource]) => {
    const { Roles, PolicyDocument } = policySchema.parse(resource.Properties);
    return PolicyDocument.Statement.map((statement) => ({
      role: Roles.map((role) => role.Ref).join(),
      actions: statement.Action,
      resources: statement.Resource.map((one) => JSON.stringify(one)),
      condition: statement.Condition,
    }));
  });
