import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

/** The folder is not named like the route, since `providers/` holds the data providers of the console. */
export const llmProviders: ConsoleResource = {
  name: 'providers',
  group: 'work',
  list: lazy(() => import('./ProviderList')),
  create: lazy(() => import('./ProviderCreate')),
  edit: lazy(() => import('./ProviderEdit')),
  recordRepresentation: 'name',
};
