import type { ComponentType } from 'react';
import type { ResourceProps } from 'react-admin';

/** Sections of the menu, in their order; their words stand under `group` in the shell's translations. */
export const menuGroups = ['data', 'work', 'preference', 'model', 'people'] as const;
export type MenuGroup = (typeof menuGroups)[number];

export interface ConsoleRoute {
  /** From the project's root, e.g. `/work/:slotId`. */
  path: string;
  /** Lazy. */
  Component: ComponentType;
  /** True for a page that draws its own frame, without header and menu. */
  bare?: boolean;
}

/**
 * What a folder `src/<resource>/` hands to the app: react-admin's own fields (`name` is the noun of the API's route,
 * pages are lazy) and where it stands in the menu.
 */
export interface ConsoleResource extends ResourceProps {
  group: MenuGroup;
  /** False leaves it out of the menu, e.g. for rows only seen inside another page. */
  inMenu?: boolean;
  /** The noun of the role table that decides who sees it, when that is not `name`. */
  right?: string;
  /** Pages beside list, create, edit and show. */
  routes?: ConsoleRoute[];
}
