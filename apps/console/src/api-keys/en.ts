import type { SameKeys } from '../i18n/messages';
import type { apiKeysZh } from './zh';

export const apiKeysEn: SameKeys<typeof apiKeysZh> = {
  name: 'API key |||| API keys',
  lead: 'Keys for training jobs and programs: of this project only, for what their scopes allow and whoever made them may do now.',
  empty: 'Scheduled training and imports from the command line sign in with a key, not with a password.',
  create: 'New key',
  back: 'Back to the keys',
  made: 'The key is ready',
  once: 'The key is shown this once; the server keeps only its hash. Copy it now.',
  dormant: 'not in force',
  dormant_hint: 'Whoever made the key does not have this right now, so the key does not either.',
  platform: 'The platform',
  revoke: 'Revoke',
  revoke_sure: 'Programs that use it lose access at once.',
  revoked: 'Key revoked',
  no_expiry: 'Never',
  scopes_hint:
    'Only what you may do yourself; when your roles change, the key changes with them. Providers are added and changed by people only. For example: snapshots:read downloads snapshots, runs:update reports metrics, runs:run lets a cron job elsewhere start its runs.',
  expiry_hint: 'Leave it empty for a key that does not expire.',
  states: { active: 'Active', revoked: 'Revoked', expired: 'Expired' },
  fields: {
    name: 'Name',
    prefix: 'Begins with',
    scopes: 'Scopes',
    createdByName: 'Made by',
    state: 'State',
    createdAt: 'Made',
    lastUsedAt: 'Last used',
    expiresAt: 'Good until',
    expiresInDays: 'Days it is good for',
  },
};
