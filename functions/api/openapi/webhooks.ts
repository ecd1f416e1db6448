import { callbackPayloadSchema } from '../../../shared/callbacks/payload.ts';
import type { Components } from './components.ts';
import type { Node } from './operation.ts';

const header = (name: string, description: string, example: string): Node => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
  example,
});

const HEADERS = [
  header(
    'webhook-id',
    'Of the event: the same however often it is sent.',
    'evt_3f1d2a9c5b7e48d6a0c4f8e2b6d19753',
  ),
  header('webhook-timestamp', 'When it was sent: seconds since 1970.', '1795345261'),
  header(
    'webhook-signature',
    'HMAC-SHA256 of `webhook-id.webhook-timestamp.body` with the secret of the callback, as `v1,` and base64; several, with a blank between them, while a secret is being replaced.',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
];

/** `recording.started` as `onRecordingStarted`. */
const operationIdOf = (type: string): string =>
  `on${type.replace(/(^|[.-])([a-z])/g, (_match, _before, letter: string) => letter.toUpperCase())}`;

/** What the targets of callbacks are told, event by event. */
export const webhooksOf = (components: Components): Record<string, Node> =>
  Object.fromEntries(
    callbackPayloadSchema.options.map((event) => {
      const type = event.shape.type.value;
      const { description, examples = [] } = event.meta() ?? {};
      const post = {
        operationId: operationIdOf(type),
        tags: ['Callbacks'],
        summary: description,
        security: [],
        parameters: HEADERS,
        requestBody: {
          required: true,
          content: {
            'application/json': { schema: components.add(event, 'output'), example: Object(examples)[0] },
          },
        },
        responses: {
          '2XX': { description: 'Taken. After any other answer, and after none, it is sent again later.' },
        },
      };
      return [type, { post }];
    }),
  );
