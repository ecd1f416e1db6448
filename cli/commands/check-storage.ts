import { dataOf } from '../../client/index.ts';
import type { AnyCommand } from '../command.ts';
import { findId } from '../resources/find.ts';
import { storages } from '../resources/storages.ts';

export const checkStorage: AnyCommand = {
  usage: 'check <storage>',
  about: 'Try again on a storage all that recording needs; names each permission that is missing',
  examples: ['storages check main'],
  async run({ api, out }, [name = '']) {
    const path = { storageId: await findId(api, storages, name) };
    out.item(await dataOf(api.POST('/v1/storages/{storageId}/check', { params: { path } })));
  },
};
