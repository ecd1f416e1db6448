import { RemovalPolicy } from 'aws-cdk-lib';
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../nag.ts';

export interface PublicApiProps {
  /** Answers the callbacks of ingest servers. */
  readonly ingest: IFunction;
  /** Shows the API's description. */
  readonly docs: IFunction;
  /** Answers everything else under `/v1`. */
  readonly api: IFunction;
}

/** The HTTP API under `/v1`. */
export class PublicApi extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, props: PublicApiProps) {
    super(scope, id);
    const http = new HttpApi(this, 'Api', { createDefaultStage: false });
    http.addRoutes({
      path: '/v1/ingest/{adapter}/{domain}',
      methods: [HttpMethod.GET, HttpMethod.POST],
      integration: new HttpLambdaIntegration('Ingest', props.ingest),
    });
    const docs = new HttpLambdaIntegration('Docs', props.docs);
    for (const path of ['/v1/docs', '/v1/docs/{file}']) {
      http.addRoutes({ path, methods: [HttpMethod.GET], integration: docs });
    }
    http.addRoutes({
      path: '/v1/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('Everything', props.api),
    });
    acknowledge(
      http,
      'The functions check bearer tokens and callback secrets against the table themselves; an authorizer would be a second invocation, with the same look-up, in the way of every stream.',
      'AwsSolutions-APIG4',
    );

    const accessLogs = new LogGroup(this, 'AccessLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: http,
      autoDeploy: true,
      // Far above what an installation needs; it bounds what guessing tokens can cost.
      throttle: { rateLimit: 500, burstLimit: 1000 },
      accessLogSettings: { destination: new LogGroupLogDestination(accessLogs) },
    });
    this.url = stage.url;
  }
}
