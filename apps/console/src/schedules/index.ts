import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const schedules: ConsoleResource = {
  name: 'schedules',
  group: 'model',
  list: lazy(() => import('./ScheduleList')),
  create: lazy(() => import('./ScheduleCreate')),
  edit: lazy(() => import('./ScheduleEdit')),
  show: lazy(() => import('./ScheduleShow')),
  recordRepresentation: 'name',
};
