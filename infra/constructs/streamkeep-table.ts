import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { TABLE } from '../../shared/constants.ts';

const INDEXES = [TABLE.listIndex, TABLE.workIndex, TABLE.streamIndex];

export interface StreamkeepTableProps {
  /** Keeps the table when the stack is deleted, and protects it from deletion. */
  readonly retain: boolean;
}

/** The one table, with its sparse indexes. */
export class StreamkeepTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: StreamkeepTableProps) {
    super(scope, id);
    const string = (name: string) => ({ name, type: AttributeType.STRING });
    this.table = new Table(this, 'Table', {
      partitionKey: string(TABLE.pk),
      sortKey: string(TABLE.sk),
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: TABLE.ttl,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.retain,
      removalPolicy: props.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    for (const index of INDEXES) {
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: string(index.pk),
        sortKey: string(index.sk),
        projectionType: ProjectionType.ALL,
      });
    }
  }

  /** Reading items and querying the indexes; no scans. */
  grantReads(grantee: IGrantable): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'],
      resourceArns: [this.table.tableArn],
    });
    // The indexes are named one by one: the CDK's own grants would allow `index/*`.
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:Query'],
      resourceArns: INDEXES.map((index) => `${this.table.tableArn}/index/${index.name}`),
    });
  }

  /** Writing items whose partition begins like this, and no others. */
  grantPuts(grantee: IGrantable, prefix: string): void {
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:PutItem'],
      resourceArns: [this.table.tableArn],
      conditions: { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [`${prefix}*`] } },
    });
  }

  /** Reading and writing items; nothing that changes the table itself. */
  grantItems(grantee: IGrantable): void {
    this.grantReads(grantee);
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      resourceArns: [this.table.tableArn],
    });
  }
}
