import { dataOf } from '../../client/index.ts';
import type { AnyCommand, CommandSpec } from '../command.ts';
import { findId } from '../resources/find.ts';
import { RULE_COLUMNS } from '../resources/rules.ts';
import { templates } from '../resources/templates.ts';

interface Given {
  readonly domain: string[];
  readonly app?: string;
  readonly stream?: string;
}

const command: CommandSpec<Given> = {
  usage: 'bind <template>',
  about: 'Bind a template to one domain or several, or to the same application or stream of each',
  examples: ['rules bind shows --domain push.example.com --domain push.example.org --app live'],
  options: [
    { flags: '--domain <domain>', about: 'push domain; may be given again', many: true, required: true },
    { flags: '--app <app>', about: 'absent: every one' },
    { flags: '--stream <stream>', about: 'absent: every one' },
  ],
  async run({ api, out }, [name = ''], { domain: domains, app, stream }) {
    const body = {
      domains,
      templateId: await findId(api, templates, name),
      ...(app === undefined ? {} : { app }),
      ...(stream === undefined ? {} : { stream }),
    };
    const { items } = await dataOf(api.POST('/v1/rules/batch', { body }));
    out.list(items, RULE_COLUMNS, '');
  },
};
export const bindRules: AnyCommand = command;
