import type { Domain } from '../schemas/domain.ts';
import type { StreamKey } from '../schemas/names.ts';
import type { Plan } from '../schemas/recording.ts';
import type { Standby } from '../schemas/standby.ts';
import { standbyContentSchema } from '../schemas/standby-content.ts';
import type { Template } from '../schemas/template.ts';
import { audioEncodingSchema } from '../schemas/transcode.ts';
import type { Content } from './content.ts';

/** The standby content that a domain names for a stream: the most specific one. Pure. */
export const standbyIdOf = (
  { standbys = [] }: Pick<Domain, 'standbys'>,
  { app, stream }: Pick<StreamKey, 'app' | 'stream'>,
): string | undefined => {
  const named = [
    standbys.find((each) => each.app === app && each.stream === stream),
    standbys.find((each) => each.app === app && each.stream === undefined),
    standbys.find((each) => each.app === undefined && each.stream === undefined),
  ];
  return named.find((each) => each !== undefined)?.standbyId;
};

/** What is recorded, and what stands in the place of the stream while it is away. */
export type BridgedContent = Content & Pick<Plan, 'standby'>;

const without = (content: Content, why: string): BridgedContent => ({
  ...content,
  contentReason: [content.contentReason, why].filter((reason) => reason !== undefined).join(' '),
});

/**
 * Adds standby content to what is recorded, where the template asks for it. Its sound is encoded then, whatever it is: all
 * that follows one another in a file must be of one kind. Pure.
 * @param standbyId what the domain names; `standby`: what there is of it
 */
export const withStandby = (
  content: Content,
  { recordStandby, formats }: Template,
  { standbyId, standby }: { standbyId: string | undefined; standby: Standby | undefined },
): BridgedContent => {
  const { encoding } = content;
  if (!recordStandby) return content;
  if (encoding === undefined)
    return without(content, 'As the original is recorded, there is no standby content in interruptions.');
  if ((formats.hls?.resumptionTimeout ?? 0) === 0)
    return without(
      content,
      'Without a resumption timeout of HLS no interruption is waited for, so there is no standby content.',
    );
  if (standbyId === undefined)
    return without(content, 'The domain names no standby content for this stream, so there is none.');
  if (standby === undefined)
    return without(content, `The standby content ${standbyId} has been deleted, so there is none.`);
  const audio = encoding.audio ?? audioEncodingSchema.parse({});
  return {
    ...content,
    encoding: { ...encoding, audio },
    standby: standbyContentSchema.strip().parse(standby),
  };
};
