import { dataOf } from '../../client/index.ts';
import type { AnyCommand, CommandSpec } from '../command.ts';
import { confirm } from '../confirm.ts';
import { callbacks } from '../resources/callbacks.ts';
import { findId } from '../resources/find.ts';
import { yesOption } from './delete.ts';

const NOTE = 'Keep the secret: it is shown this once.';

const ofDomain: CommandSpec<{ secret?: string; yes?: boolean }> = {
  usage: 'rotate-secret <domain>',
  about: 'Give a domain another secret; the one before is void at once',
  examples: ['domains rotate-secret push.example.com --yes'],
  options: [{ flags: '--secret <secret>', about: 'the new one; absent: made for you' }, yesOption],
  async run({ api, out, io }, [domain = ''], { secret, yes }) {
    await confirm(io, `The ingest server of ${domain} is refused until it has the new secret. Go on?`, yes);
    const params = { path: { domain } };
    const body = secret === undefined ? {} : { secret };
    out.item(await dataOf(api.POST('/v1/domains/{domain}/secret', { params, body })));
    if (!out.isJson) out.note(NOTE);
  },
};
export const rotateDomainSecret: AnyCommand = ofDomain;

export const rotateCallbackSecret: AnyCommand = {
  usage: 'rotate-secret <callback>',
  about: 'Give a callback another secret; the one before signs beside it for a while',
  examples: ['callbacks rotate-secret archive'],
  async run({ api, out }, [name = '']) {
    const path = { callbackId: await findId(api, callbacks, name) };
    out.item(await dataOf(api.POST('/v1/callbacks/{callbackId}/secret', { params: { path } })));
    if (!out.isJson) out.note(NOTE);
  },
};
