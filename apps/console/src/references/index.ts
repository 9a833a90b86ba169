import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const references: ConsoleResource = {
  name: 'references',
  group: 'preference',
  list: lazy(() => import('./ReferenceList')),
};
