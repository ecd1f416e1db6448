import { dataOf } from '../../client/index.ts';
import type { AnyCommand, CommandSpec } from '../command.ts';
import { confirm } from '../confirm.ts';
import { findId } from '../resources/find.ts';
import { tokens } from '../resources/tokens.ts';
import { yesOption } from './delete.ts';

const command: CommandSpec<{ yes?: boolean }> = {
  usage: 'revoke <token>',
  about: 'Revoke a token; asks first',
  examples: ['tokens revoke dashboard --yes'],
  options: [yesOption],
  async run({ api, out, io }, [name = ''], { yes }) {
    const path = { tokenId: await findId(api, tokens, name) };
    await confirm(io, `Revoke the token ${name}?`, yes);
    await dataOf(api.DELETE('/v1/tokens/{tokenId}', { params: { path } }));
    out.text(`The token ${name} is revoked.`);
  },
};
export const revokeToken: AnyCommand = command;
