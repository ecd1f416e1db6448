import { dataOf } from '../../client/index.ts';
import type { AnyCommand, CommandSpec } from '../command.ts';
import { keyText } from '../resources/common.ts';

interface Given {
  readonly domain: string;
  readonly app: string;
  readonly stream: string;
}

const command: CommandSpec<Given> = {
  usage: 'match',
  about: 'Say which rule a stream would be recorded by, if it began now',
  examples: ['rules match --domain push.example.com --app live --stream show'],
  options: [
    { flags: '--domain <domain>', about: 'push domain', required: true },
    { flags: '--app <app>', about: 'application', required: true },
    { flags: '--stream <stream>', about: 'stream', required: true },
  ],
  async run({ api, out }, _, { domain, app, stream }) {
    const match = await dataOf(api.GET('/v1/rules/match', { params: { query: { domain, app, stream } } }));
    const { rule, template } = match;
    if (out.isJson) out.item(match);
    else if (rule === null) out.text('No rule: it would not be recorded.');
    else {
      out.text(`Rule      ${keyText(rule)} (${rule.ruleId})`);
      out.text(
        `Template  ${template === null ? rule.templateId : `${template.name} (${template.templateId})`}`,
      );
    }
  },
};
export const matchRule: AnyCommand = command;
