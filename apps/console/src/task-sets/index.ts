import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const taskSets: ConsoleResource = {
  name: 'task-sets',
  group: 'work',
  list: lazy(() => import('./TaskSetList')),
  create: lazy(() => import('./TaskSetCreate')),
  edit: lazy(() => import('./TaskSetEdit')),
  show: lazy(() => import('./TaskSetPage')),
  recordRepresentation: 'name',
};
