import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

/** The annotator's screen, opened from a queue. */
export const polishReview: ConsoleResource = {
  name: 'polish-review',
  group: 'work',
  inMenu: false,
  right: 'work',
  routes: [{ path: '/work/polish_review/:taskSetId', Component: lazy(() => import('./ReviewPage')), bare: true }],
};
