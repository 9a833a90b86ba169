import type { SameKeys } from '../i18n/messages';
import type { auditZh } from './zh';

export const auditEn: SameKeys<typeof auditZh> = {
  name: 'Audit entry |||| Audit log',
  lead: 'Every privileged act stands here, appended and never changed: ids and hashes, none of the patients’ words.',
  empty: 'Sign-ins, imports, approvals and exports are listed here once they happen.',
  actors: { person: 'Person', api_key: 'API key', system: 'System' },
  fields: {
    at: 'When',
    actorName: 'Who',
    action: 'What',
    subjectType: 'Kind of subject',
    subjectId: 'Subject',
    before: 'Before',
    after: 'After',
    requestId: 'Request',
  },
};
