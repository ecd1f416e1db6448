/** What the examples of the configuration's routes have in common; real answers of the API look like this. */

const CREATED_AT = '2026-11-22T10:00:00.000Z';

export const DOMAIN_INPUT = {
  domain: 'push.example.com',
  adapter: 'nginx-rtmp',
  source: { url: 'rtmp://push.example.com/{app}/{stream}' },
  losslessStart: true,
  api: { url: 'http://push.example.com:8088/stat' },
};
export const DOMAIN = { ...DOMAIN_INPUT, enabled: true, createdAt: CREATED_AT };
export const DOMAIN_SECRET = 'Jz8m1Q4yVw2nXc7pLr5tBk9sHd3fGa6eUo0iYqTxRvE';

export const TEMPLATE_ID = 'tpl_01KAN2VXJ8Q6S5T4R3P2N1M0K9';
export const TEMPLATE_INPUT = {
  name: 'shows',
  description: 'Evening shows',
  formats: { hls: { segmentSeconds: 6, resumptionTimeout: 60 }, mp4: { maxMinutes: 120 } },
  storage: { primary: 'sto_01KAN2T8C5D4E3F2G1H0J9K8M7', backup: 'sto_01KAN2TQW3E4R5T6Y7Z8X9C0V1' },
  timeZone: 'Europe/Berlin',
  path: 'shows/{StreamID}/{StartYear}-{StartMonth}-{StartDay}/{StartHour}{StartMinute}{StartSecond}',
  retentionDays: 90,
};
export const TEMPLATE = {
  ...TEMPLATE_INPUT,
  templateId: TEMPLATE_ID,
  content: 'origin',
  recordStandby: false,
  createdAt: CREATED_AT,
  updatedAt: CREATED_AT,
};

export const RULE_INPUT = { domain: 'push.example.com', app: 'live', templateId: TEMPLATE_ID };
export const RULE = { ...RULE_INPUT, ruleId: 'rule_a1de2cd5b1c0f4e39875206d', createdAt: CREATED_AT };
export const RULE_ID = RULE.ruleId;

export const TOKEN = {
  tokenId: 'tok_5f0c8b7a1d2e3f4a5b6c7d8e9f',
  name: 'ci',
  scopes: ['read', 'write'],
  createdAt: CREATED_AT,
};

export const ORCHESTRATION_ID = 'orc_01KAN2X5B6C7D8E9F0G1H2J3K4';
export const ORCHESTRATION_INPUT = {
  name: 'library',
  steps: [
    { kind: 'remux', name: 'film', format: 'mp4' },
    { kind: 'clip', name: 'trailer', input: 'film', fromSeconds: 60, toSeconds: 90 },
    { kind: 'thumbnails', name: 'pictures', input: 'film', everySeconds: 30 },
  ],
};
export const ORCHESTRATION = {
  orchestrationId: ORCHESTRATION_ID,
  name: 'library',
  description: '',
  steps: [
    { kind: 'remux', name: 'film', input: 'source', maxAttempts: 3, format: 'mp4', segmentSeconds: 10 },
    {
      kind: 'clip',
      name: 'trailer',
      input: 'film',
      maxAttempts: 3,
      format: 'mp4',
      fromSeconds: 60,
      toSeconds: 90,
    },
    { kind: 'thumbnails', name: 'pictures', input: 'film', maxAttempts: 3, everySeconds: 30, width: 320 },
  ],
  accepts: ['hls', 'flv'],
  createdAt: CREATED_AT,
  updatedAt: CREATED_AT,
};
