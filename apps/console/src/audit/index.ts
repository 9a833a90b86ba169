import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const auditEntries: ConsoleResource = {
  name: 'audit-entries',
  group: 'people',
  list: lazy(() => import('./AuditList')),
};
