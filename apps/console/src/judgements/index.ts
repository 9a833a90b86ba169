import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const judgements: ConsoleResource = {
  name: 'judgements',
  group: 'preference',
  list: lazy(() => import('./JudgementList')),
  create: lazy(() => import('./JudgeJobCreate')),
  routes: [{ path: '/judgements/calibration', Component: lazy(() => import('./CalibrationPage')) }],
};
