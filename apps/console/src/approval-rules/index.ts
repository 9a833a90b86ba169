import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const approvalRules: ConsoleResource = {
  name: 'approval-rules',
  group: 'work',
  list: lazy(() => import('./ApprovalRuleList')),
  create: lazy(() => import('./ApprovalRuleCreate')),
  show: lazy(() => import('./ApprovalRulePage')),
  recordRepresentation: 'name',
};
