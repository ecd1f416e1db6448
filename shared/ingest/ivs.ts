/** The push domain that the channels of Amazon IVS in one account and region belong to. */
export const ivsDomain = (account: string, region: string): string => `${account}.${region}.ivs`;

export const IVS_DOMAIN = /^\d{12}\.[a-z0-9-]+\.ivs$/;
