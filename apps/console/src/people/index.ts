import { lazy } from 'react';
import type { ConsoleResource } from '../resource';

export const members: ConsoleResource = {
  name: 'members',
  group: 'people',
  list: lazy(() => import('./MemberList')),
  edit: lazy(() => import('./MemberEdit')),
  recordRepresentation: 'displayName',
};

export const invites: ConsoleResource = {
  name: 'invites',
  group: 'people',
  inMenu: false,
  list: lazy(() => import('./InviteList')),
  create: lazy(() => import('./InviteCreate')),
  recordRepresentation: 'displayName',
};

export const people: ConsoleResource = {
  name: 'people',
  group: 'people',
  list: lazy(() => import('./AccountList')),
  recordRepresentation: 'displayName',
};
