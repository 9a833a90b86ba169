import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const records: ConsoleResource = {
  name: 'records',
  group: 'data',
  list: lazy(() => import('./RecordList')),
  show: lazy(() => import('./RecordPage')),
};
