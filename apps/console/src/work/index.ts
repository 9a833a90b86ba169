import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

/** The light entry. What a queue holds is worked on under `/work/<kind>/<task set>`, pages of the folders of that kind. */
export const work: ConsoleResource = {
  name: 'work',
  group: 'work',
  inMenu: false,
  routes: [
    { path: '/work', Component: lazy(() => import('./QueuesPage')) },
    { path: '/work/mine', Component: lazy(() => import('./MyWorkPage')) },
  ],
};
