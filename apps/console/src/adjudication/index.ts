import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

/** Where answers differ or ask for a doctor: the list, each side by side, and the desk at which it is decided. */
export const adjudications: ConsoleResource = {
  name: 'adjudications',
  group: 'work',
  list: lazy(() => import('./AdjudicationList')),
  show: lazy(() => import('./AdjudicationPage')),
  routes: [{ path: '/work/adjudication/:taskSetId', Component: lazy(() => import('./DeskPage')), bare: true }],
};
