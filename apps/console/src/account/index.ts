import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

/** My own account; reached from the menu under my name. */
export const account: ConsoleResource = {
  name: 'account',
  group: 'people',
  inMenu: false,
  routes: [{ path: '/account', Component: lazy(() => import('./AccountPage')) }],
};
