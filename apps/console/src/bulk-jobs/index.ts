import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const bulkJobs: ConsoleResource = {
  name: 'bulk-jobs',
  group: 'data',
  list: lazy(() => import('./BulkJobList')),
  show: lazy(() => import('./BulkJobPage')),
};
