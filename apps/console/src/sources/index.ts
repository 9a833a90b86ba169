import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const sources: ConsoleResource = {
  name: 'sources',
  group: 'data',
  list: lazy(() => import('./SourceList')),
  create: lazy(() => import('./SourceCreate')),
  edit: lazy(() => import('./SourceEdit')),
  recordRepresentation: 'name',
};
