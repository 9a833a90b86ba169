import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const projects: ConsoleResource = {
  name: 'projects',
  group: 'people',
  inMenu: false,
  list: lazy(() => import('./ProjectList')),
  create: lazy(() => import('./ProjectCreate')),
  recordRepresentation: 'name',
};
