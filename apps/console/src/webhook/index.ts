import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const webhook: ConsoleResource = {
  name: 'webhook',
  group: 'people',
  list: lazy(() => import('./WebhookPage')),
};
