import { can, resources, type Action, type Resource } from '@qingnang/contracts';
import type { Person } from './session';

// react-admin asks by screen, the role table by deed.
const deeds: Record<string, Action> = {
  list: 'read',
  show: 'read',
  export: 'read',
  read: 'read',
  create: 'create',
  clone: 'create',
  edit: 'update',
  update: 'update',
  delete: 'delete',
  run: 'run',
};

function isResource(name: string): name is Resource {
  return (resources as readonly string[]).includes(name);
}

/** Whether these roles may do it: the API's own table, asked before a button is drawn. Unknown deeds are refused. */
export function mayDo(person: Person, roles: readonly string[], resource: string, action: string): boolean {
  if (resource === 'projects') return action === 'list' || action === 'show' || person.installationAdmin;
  if (resource === 'people') return person.installationAdmin;
  const deed = deeds[action];
  // Rows below a noun, like `work/answers`, go with it.
  const noun = resource.split('/')[0] ?? '';
  if (!deed || !isResource(noun)) return false;
  return can(roles, noun, deed, { installationAdmin: person.installationAdmin });
}

/** People who only answer tasks get the light entry; everyone else the full menu. */
export function worksOnly(person: Person, roles: readonly string[]): boolean {
  return !person.installationAdmin && !roles.some((role) => ['admin', 'data_lead', 'reviewer'].includes(role));
}
