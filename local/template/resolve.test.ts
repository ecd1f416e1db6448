// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Fn::Sub is written like this
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { Template } from './load.ts';
import { createResolver, resourceKey } from './resolve.ts';

const stacks: Record<string, Template> = {
  Data: {
    Resources: { Jobs: { Type: 'AWS::SQS::Queue', Properties: {} } },
    Outputs: { Out: { Value: { 'Fn::GetAtt': ['Jobs', 'Arn'] }, Export: { Name: 'Data:JobsArn' } } },
  },
  Control: { Resources: {}, Outputs: {} },
};
const physical = new Map([
  [
    resourceKey('Data', 'Jobs'),
    { ref: 'http://127.0.0.1:9/jobs', attributes: { Arn: 'arn:jobs', QueueName: 'jobs' } },
  ],
]);
const { resolve, properties } = createResolver(stacks, physical, 'us-east-1');

describe('Resolving a template', () => {
  it.each([
    ['a reference', { Ref: 'Jobs' }, 'http://127.0.0.1:9/jobs'],
    ['an attribute', { 'Fn::GetAtt': ['Jobs', 'Arn'] }, 'arn:jobs'],
    ['an attribute written with a dot', { 'Fn::GetAtt': 'Jobs.QueueName' }, 'jobs'],
    ['a pseudo parameter', { Ref: 'AWS::Region' }, 'us-east-1'],
    ['a join', { 'Fn::Join': ['-', ['a', { Ref: 'AWS::AccountId' }, 1]] }, 'a-000000000000-1'],
    ['a substitution', { 'Fn::Sub': '${AWS::Partition}/${Jobs.Arn}/${!kept}' }, 'aws/arn:jobs/${kept}'],
    ['a substitution with variables', { 'Fn::Sub': ['${X}', { X: { Ref: 'AWS::Region' } }] }, 'us-east-1'],
    ['nested values', { a: [{ Ref: 'AWS::Region' }], b: 2 }, { a: ['us-east-1'], b: 2 }],
  ])('replaces %s', (_, value, expected) => {
    expect(resolve('Data', value)).toEqual(expected);
  });

  it("follows an import to the other stack's export", () => {
    expect(resolve('Control', { 'Fn::ImportValue': 'Data:JobsArn' })).toBe('arn:jobs');
  });

  it.each([
    [{ Ref: 'Nothing' }, 'Data refers to Nothing, which does not run locally'],
    [{ 'Fn::GetAtt': ['Jobs', 'Colour'] }, 'Data: Jobs has no attribute Colour locally'],
    [{ 'Fn::ImportValue': 'x' }, 'No stack exports x'],
    [{ 'Fn::Cidr': ['10.0.0.0/8'] }, 'Data uses Fn::Cidr, which is not understood locally'],
  ])('says what is wrong with %j', (value, message) => {
    expect(() => resolve('Data', value)).toThrow(message);
  });

  it('resolves only the properties that a schema names', () => {
    const resource = {
      stack: 'Data',
      logicalId: 'Jobs',
      type: 'AWS::SQS::Queue',
      properties: { QueueName: 'jobs', KmsKey: { Ref: 'NotHere' } },
    };
    expect(properties(resource, z.object({ QueueName: z.string() }))).toEqual({ QueueName: 'jobs' });
    expect(() => properties(resource, z.object({ KmsKey: z.string() }))).toThrow('NotHere');
  });
});
