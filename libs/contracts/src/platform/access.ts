import { z } from 'zod';

/** Roles in a project; a person may hold several. `service` is what an API key acts as. */
export const role = z.enum(['admin', 'data_lead', 'reviewer', 'annotator', 'doctor', 'lay', 'service']);
export type Role = z.infer<typeof role>;

/** What rights are about, named as in the routes. */
export const resources = [
  'members',
  'invites',
  'api-keys',
  'audit-entries',
  'sources',
  'uploads',
  'imports',
  'records',
  'bulk-jobs',
  'approval-rules',
  'providers',
  'prompt-templates',
  'llm-jobs',
  'task-sets',
  'guidelines',
  'work',
  'answers',
  'adjudications',
  'prompts',
  'references',
  'candidates',
  'judgements',
  'suites',
  'snapshots',
  'runs',
  'schedules',
  'webhook',
  'models',
  'evaluations',
  'chat',
  'dashboard',
  'events',
] as const;
export type Resource = (typeof resources)[number];

/** `run` is for what costs money or machine time: starting, pausing, cancelling. */
export const actions = ['read', 'create', 'update', 'delete', 'run'] as const;
export type Action = (typeof actions)[number];

export type AccessTable = Record<Role, Partial<Record<Resource, readonly Action[]>>>;

const everything: Partial<Record<Resource, readonly Action[]>> = Object.fromEntries(
  resources.map((resource) => [resource, actions]),
);
const read = ['read'] as const;
/** Claiming, writing and handing in one's own tasks. */
const ownWork = {
  work: ['read', 'create', 'update', 'delete'],
  guidelines: read,
  events: read,
} as const satisfies Partial<Record<Resource, readonly Action[]>>;

/** Who may do what in a project. One table answers the API's guard and the console's menu. */
export const access: AccessTable = {
  admin: everything,
  data_lead: { ...everything, members: read, invites: read, 'api-keys': read, webhook: read },
  reviewer: {
    ...ownWork,
    answers: read,
    adjudications: ['read', 'update'],
    records: read,
    'task-sets': read,
    prompts: read,
    references: read,
    candidates: read,
    judgements: read,
    dashboard: read,
  },
  annotator: ownWork,
  // What was handed to them.
  doctor: { ...ownWork, adjudications: read },
  lay: ownWork,
  // A key may do what its scopes say, nothing else.
  service: {},
};

/** Kept by the installation's admin also where they hold no role, so that no project is left without a keeper. */
const keptByInstallation: readonly Resource[] = ['members', 'invites', 'api-keys', 'audit-entries'];

/** Whether these roles allow the action. Changing providers (keys, "text stays here") needs the installation's admin as well. */
export function can(
  roles: readonly string[],
  resource: Resource,
  action: Action,
  options: { installationAdmin?: boolean } = {},
): boolean {
  const installationAdmin = options.installationAdmin ?? false;
  if (installationAdmin && keptByInstallation.includes(resource)) return true;
  if (resource === 'providers' && action !== 'read' && action !== 'run' && !installationAdmin) return false;
  return roles.some((name) => (access[name as Role] ?? {})[resource]?.includes(action) ?? false);
}

const peoplesAffairs: readonly Resource[] = ['members', 'invites', 'api-keys', 'work'];

/** What no API key may do, whatever its scopes: people's own affairs, and saying where texts, providers' keys and messages are sent. */
export function isForPeopleOnly(resource: Resource, action: Action): boolean {
  if (peoplesAffairs.includes(resource)) return true;
  // Whoever lets texts in unread is a person with a name.
  if (resource === 'webhook' || resource === 'approval-rules') return action !== 'read';
  return resource === 'providers' && action !== 'read' && action !== 'run';
}

/** A right an API key can be given: `snapshots:read`, `runs:update`. */
export const scopes = resources.flatMap((resource) =>
  actions.filter((action) => !isForPeopleOnly(resource, action)).map((action) => `${resource}:${action}` as const),
);
export const scope = z.enum(scopes as [string, ...string[]]);

/** Who made an API key, and what they may do now. A key never does what its maker may not. */
export interface KeyMaker {
  personId: string | null;
  roles: readonly Role[];
  installationAdmin: boolean;
}

/** Whether a key with this scope has it in force: its maker holds the right now, and it is one for programs at all. */
export function isInForce(scopeName: string, maker: KeyMaker): boolean {
  const at = scopeName.lastIndexOf(':');
  const resource = scopeName.slice(0, at) as Resource;
  const action = scopeName.slice(at + 1) as Action;
  return (
    !isForPeopleOnly(resource, action) &&
    can(maker.roles, resource, action, { installationAdmin: maker.installationAdmin })
  );
}

/** Who acts, in which project, with which rights: found anew for each request. */
export interface Actor {
  kind: 'person' | 'api_key' | 'system';
  /** Person, key, or the name of what acts by itself. */
  id: string;
  projectId: string;
  personId: string | null;
  roles: Role[];
  installationAdmin: boolean;
  /** Set for a run's own token: it speaks for this run only. */
  runId: string | null;
  requestId: string | null;
  /** Of an API key. */
  scopes?: readonly string[];
  /** Of an API key; null for the token of a run on this installation, which the platform made itself. */
  maker?: KeyMaker | null;
}

/** Whether an actor may do it: people by their roles, keys by their scopes as far as their makers may. */
export function may(actor: Actor, resource: Resource, action: Action): boolean {
  const { roles, installationAdmin, maker } = actor;
  if (actor.kind !== 'api_key') return can(roles, resource, action, { installationAdmin });
  const scopeName = `${resource}:${action}`;
  if (isForPeopleOnly(resource, action) || !(actor.scopes ?? []).includes(scopeName)) return false;
  return maker === null || (maker !== undefined && isInForce(scopeName, maker));
}

/** The person who acts, or who made the key that acts. */
export function personBehind(actor: Pick<Actor, 'personId' | 'maker'>): string | null {
  return actor.personId ?? actor.maker?.personId ?? null;
}

/** The platform itself at work in a project: workers, schedules, rules. */
export function systemActor(projectId: string, name = 'system'): Actor {
  return {
    kind: 'system',
    id: name,
    projectId,
    personId: null,
    roles: [],
    installationAdmin: false,
    runId: null,
    requestId: null,
  };
}
