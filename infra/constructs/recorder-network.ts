import { RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogMaxAggregationInterval,
  GatewayVpcEndpointAwsService,
  type IVpc,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/**
 * Where recorders run. They pull from ingest servers anywhere on the internet, so they have public addresses, and a
 * security group without any inbound rule: nothing can connect to them. NAT gateways would take money for every
 * gigabyte that is recorded and protect from nothing more.
 */
export class RecorderNetwork extends Construct {
  readonly vpc: IVpc;
  readonly securityGroup: SecurityGroup;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      maxAzs: 2,
      natGateways: 0,
      subnetConfiguration: [{ name: 'recorders', subnetType: SubnetType.PUBLIC }],
      // Nothing uses the default group, and restricting it takes a custom resource with a function of its own.
      restrictDefaultSecurityGroup: false,
      // Media go to S3 and journals to DynamoDB through gateways, which are free.
      gatewayEndpoints: {
        S3: { service: GatewayVpcEndpointAwsService.S3 },
        DynamoDB: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      },
      // The CDK's classes miss an `| undefined` that exact optional properties ask of their own interfaces.
    }) as IVpc;
    const flowLogs = new LogGroup(this, 'FlowLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.vpc.addFlowLog('Flow', {
      destination: FlowLogDestination.toCloudWatchLogs(flowLogs),
      maxAggregationInterval: FlowLogMaxAggregationInterval.TEN_MINUTES,
    });
    this.securityGroup = new SecurityGroup(this, 'SecurityGroup', {
      vpc: this.vpc,
      description: 'Recorders: outbound only',
      // Sources use any port.
      allowAllOutbound: true,
    });
  }
}
