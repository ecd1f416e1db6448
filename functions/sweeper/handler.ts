import { createRecorders } from '../../shared/table/recorders.ts';
import { createStreams } from '../../shared/table/streams.ts';
import { openRecordings } from '../common/clients.ts';
import { createTelemetry } from '../common/telemetry.ts';
import { sweep } from './sweep.ts';

const { telemetry, wrap } = createTelemetry();
const { table, ports } = openRecordings();
const streams = createStreams(table);
const recorders = createRecorders(table);

/** Takes no input: the schedule's event says nothing. */
export const handler = wrap(() => sweep({ ...ports, streams, recorders, telemetry }));
