import { Arn, Stack } from 'aws-cdk-lib';
import { Grant, type IRole } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledgeWildcard } from '../nag.ts';

export interface RecordingBucketsProps {
  readonly spool: Bucket;
  /** The users' buckets, each by name or ARN. */
  readonly buckets: readonly string[];
}

/** Every bucket that media may be written to with Streamkeep's own roles. */
export class RecordingBuckets extends Construct {
  readonly #arns: readonly string[];

  constructor(scope: Construct, id: string, props: RecordingBucketsProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const arnOf = (bucket: string) =>
      bucket.startsWith('arn:')
        ? bucket
        : Arn.format({ service: 's3', region: '', account: '', resource: bucket }, stack);
    // Exported here and not by the CDK later, because the acknowledged finding carries the name of the export.
    const spoolArn = Stack.of(props.spool).exportValue(props.spool.bucketArn);
    this.#arns = [spoolArn, ...props.buckets.map(arnOf)];
  }

  /**
   * Writing a recording, closing it for somebody else (which lists its parts), reading it back to sign URLs and to
   * verify copies, and deleting what a verified copy has replaced.
   */
  grantMedia(role: IRole): void {
    const objects = this.#arns.map((arn) => `${arn}/*`);
    Grant.addToPrincipal({
      grantee: role,
      actions: [
        's3:PutObject',
        's3:GetObject',
        's3:DeleteObject',
        's3:AbortMultipartUpload',
        's3:ListMultipartUploadParts',
      ],
      resourceArns: objects,
    });
    // Without it S3 answers 403 instead of 404 for an object that is not there.
    Grant.addToPrincipal({ grantee: role, actions: ['s3:ListBucket'], resourceArns: [...this.#arns] });
    for (const resource of objects) {
      acknowledgeWildcard(
        role,
        resource,
        'Which keys a recording gets in a bucket is its template’s to say.',
      );
    }
  }
}
