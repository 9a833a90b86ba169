import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

const RankingPage = lazy(() => import('./RankingPage'));

/** A doctor's sitting, opened from a queue: one question a page. */
export const doctorWork: ConsoleResource = {
  name: 'doctor-work',
  group: 'work',
  inMenu: false,
  right: 'work',
  routes: [
    { path: '/work/reference/:taskSetId', Component: lazy(() => import('./ReferencePage')), bare: true },
    { path: '/work/ranking/:taskSetId', Component: RankingPage, bare: true },
    { path: '/work/confirm_ranking/:taskSetId', Component: RankingPage, bare: true },
    { path: '/work/blind_pair/:taskSetId', Component: lazy(() => import('./BlindPairPage')), bare: true },
    { path: '/work/references/:id', Component: lazy(() => import('./RevisePage')) },
  ],
};
