import { z } from 'zod';
import { role, scope } from './access.js';
import { listOf, listQuery } from './lists.js';

/** Languages of the console. */
export const uiLanguage = z.enum(['zh-CN', 'en']);
export type UiLanguage = z.infer<typeof uiLanguage>;

const when = z.iso.datetime({ offset: true });
const displayName = z.string().trim().min(1).max(100);

/** Letters, digits and `. _ - @`; compared without regard to case. */
export const login = z
  .string()
  .trim()
  .min(2)
  .max(64)
  .regex(/^[\p{L}\p{N}._@-]+$/u, 'Only letters, digits and . _ - @');
/** Length is what counts; no rules about kinds of characters. */
export const newPassword = z.string().min(10).max(200);

export const signInRequest = z
  .object({ login: z.string().min(1).max(200), password: z.string().min(1).max(1000) })
  .meta({ id: 'SignIn' });
export const tokenReply = z
  .object({
    accessToken: z.string(),
    /** Seconds. */
    expiresIn: z.int(),
    /** Whose it is: another tab of the browser may have signed in somebody else. */
    personId: z.uuid(),
  })
  .meta({ id: 'Token' });
export type TokenReply = z.infer<typeof tokenReply>;

export const person = z
  .object({
    id: z.uuid(),
    login: z.string(),
    displayName: z.string(),
    language: uiLanguage,
    installationAdmin: z.boolean(),
  })
  .meta({ id: 'Person' });
export type Person = z.infer<typeof person>;

export const project = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    description: z.string(),
    isDemo: z.boolean(),
    releaseAllowed: z.boolean(),
    /** The reader's own roles there; empty for an installation admin who is no member. */
    roles: z.array(role),
    createdAt: when,
  })
  .meta({ id: 'Project' });
export type Project = z.infer<typeof project>;
export const projectList = listOf(project).meta({ id: 'ProjectList' });
export const projectQuery = listQuery({ sort: ['createdAt', 'name', 'slug'], order: 'asc' });
export type ProjectQuery = z.infer<typeof projectQuery>;

/** Stands in addresses. */
export const slug = z
  .string()
  .min(2)
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'Small letters, digits and single hyphens');
export const createProjectRequest = z
  .object({ slug, name: z.string().trim().min(1).max(200), description: z.string().max(2000).default('') })
  .meta({ id: 'CreateProject' });
export type CreateProject = z.infer<typeof createProjectRequest>;

export const me = z.object({ person, projects: z.array(project) }).meta({ id: 'Me' });
export type Me = z.infer<typeof me>;
export const updateMeRequest = z.object({ language: uiLanguage, displayName }).partial().meta({ id: 'UpdateMe' });
export type UpdateMe = z.infer<typeof updateMeRequest>;
export const changePasswordRequest = z
  .object({ currentPassword: z.string().min(1).max(1000), newPassword })
  .meta({ id: 'ChangePassword' });
export type ChangePassword = z.infer<typeof changePasswordRequest>;

/** A department of the hospital, as written in the records. */
const departments = z.array(z.string().trim().min(1).max(60)).max(50);
const humanRole = role.exclude(['service']);
const roles = z
  .array(humanRole)
  .min(1)
  .max(6)
  .transform((names) => [...new Set(names)]);

/** A person in this project; `id` is the person's. */
export const member = z
  .object({
    id: z.uuid(),
    login: z.string(),
    displayName: z.string(),
    state: z.enum(['active', 'deactivated']),
    roles: z.array(role),
    departments: z.array(z.string()),
    title: z.string().nullable(),
    licenceNumber: z.string().nullable(),
    licenceCheckedBy: z.uuid().nullable(),
    licenceCheckedAt: when.nullable(),
    revision: z.int(),
    createdAt: when,
  })
  .meta({ id: 'Member' });
export type Member = z.infer<typeof member>;
export const memberList = listOf(member).meta({ id: 'MemberList' });
export const memberQuery = listQuery({ sort: ['login', 'displayName', 'createdAt'], order: 'asc' }).extend({
  role: role.optional(),
  q: z.string().max(100).optional(),
});
export type MemberQuery = z.infer<typeof memberQuery>;
export const updateMemberRequest = z
  .object({
    roles,
    departments,
    title: z.string().trim().max(100).nullable(),
    licenceNumber: z.string().trim().max(60).nullable(),
    /** True: I have seen the licence. Changing the number takes the check back. */
    licenceChecked: z.boolean(),
  })
  .partial()
  .meta({ id: 'UpdateMember' });
export type UpdateMember = z.infer<typeof updateMemberRequest>;

/** What ended with somebody's access. */
export const endedAccess = z
  .object({
    apiKeys: z.int(),
    invites: z.int(),
    /** Connections that were open: news, answers on their way, files on their way. */
    streams: z.int(),
    /** Signed addresses of files. */
    downloads: z.int(),
    /** Given back to their queues; what was written is kept as a draft. */
    tasks: z.int(),
    sessions: z.int(),
    resetLinks: z.int(),
  })
  .meta({ id: 'EndedAccess' });
export type EndedAccess = z.infer<typeof endedAccess>;

export const invite = z
  .object({
    id: z.uuid(),
    displayName: z.string(),
    roles: z.array(role),
    departments: z.array(z.string()),
    state: z.enum(['open', 'accepted', 'revoked', 'expired']),
    invitedBy: z.uuid(),
    createdAt: when,
    expiresAt: when,
    acceptedAt: when.nullable(),
  })
  .meta({ id: 'Invite' });
export type Invite = z.infer<typeof invite>;
export const inviteList = listOf(invite).meta({ id: 'InviteList' });
export const inviteQuery = listQuery({ sort: ['createdAt', 'expiresAt'] });
export type InviteQuery = z.infer<typeof inviteQuery>;
export const createInviteRequest = z
  .object({
    displayName: z.string().trim().max(100).default(''),
    roles,
    departments: departments.default([]),
    /** Days the link is good for; else as the settings say. */
    days: z.int().min(1).max(90).optional(),
  })
  .meta({ id: 'CreateInvite' });
export type CreateInvite = z.infer<typeof createInviteRequest>;
/** The token is shown this once; only its hash is kept. The console makes the link of it. */
export const createdInvite = invite.extend({ token: z.string() }).meta({ id: 'CreatedInvite' });
export type CreatedInvite = z.infer<typeof createdInvite>;

const token = z.string().min(20).max(200);
export const tokenRequest = z.object({ token }).meta({ id: 'TokenOnly' });
export const invitePreview = z
  .object({ projectName: z.string(), displayName: z.string(), roles: z.array(role), expiresAt: when })
  .meta({ id: 'InvitePreview' });
export type InvitePreview = z.infer<typeof invitePreview>;
export const acceptInviteRequest = z
  .object({ token, login, displayName, password: newPassword, language: uiLanguage.default('zh-CN') })
  .meta({ id: 'AcceptInvite' });
export type AcceptInvite = z.infer<typeof acceptInviteRequest>;
export const resetPasswordRequest = z.object({ token, password: newPassword }).meta({ id: 'ResetPassword' });
export type ResetPassword = z.infer<typeof resetPasswordRequest>;

/** An account of the installation, for its admin. */
export const account = person
  .extend({
    state: z.enum(['active', 'deactivated']),
    createdAt: when,
    deactivatedAt: when.nullable(),
    projects: z.int(),
  })
  .meta({ id: 'Account' });
export type Account = z.infer<typeof account>;
export const deactivatedAccount = account.extend({ ended: endedAccess }).meta({ id: 'DeactivatedAccount' });
export type DeactivatedAccount = z.infer<typeof deactivatedAccount>;
export const accountList = listOf(account).meta({ id: 'AccountList' });
export const accountQuery = listQuery({ sort: ['login', 'createdAt'], order: 'asc' }).extend({
  q: z.string().max(100).optional(),
});
export type AccountQuery = z.infer<typeof accountQuery>;
export const resetLink = z.object({ id: z.uuid(), token: z.string(), expiresAt: when }).meta({ id: 'ResetLink' });
export type ResetLink = z.infer<typeof resetLink>;

export const apiKey = z
  .object({
    id: z.uuid(),
    name: z.string(),
    /** The first characters, to tell keys apart. */
    prefix: z.string(),
    scopes: z.array(z.string()),
    /** Scopes that give nothing now, because whoever made the key may not do it themselves. */
    dormantScopes: z.array(z.string()),
    runId: z.uuid().nullable(),
    /** Null: the platform itself, for a run that it started. */
    createdBy: z.uuid().nullable(),
    createdByName: z.string().nullable(),
    createdAt: when,
    expiresAt: when.nullable(),
    lastUsedAt: when.nullable(),
    revokedAt: when.nullable(),
  })
  .meta({ id: 'ApiKey' });
export type ApiKey = z.infer<typeof apiKey>;
export const apiKeyList = listOf(apiKey).meta({ id: 'ApiKeyList' });
export const apiKeyQuery = listQuery({ sort: ['createdAt', 'name'] });
export type ApiKeyQuery = z.infer<typeof apiKeyQuery>;
export const createApiKeyRequest = z
  .object({
    name: z.string().trim().min(1).max(100),
    scopes: z.array(scope).min(1).max(100),
    /** Absent: the key does not expire by itself. */
    expiresInDays: z.int().min(1).max(3650).optional(),
  })
  .meta({ id: 'CreateApiKey' });
export type CreateApiKey = z.infer<typeof createApiKeyRequest>;
/** The key is shown this once; only its hash is kept. */
export const createdApiKey = apiKey.extend({ key: z.string() }).meta({ id: 'CreatedApiKey' });
export type CreatedApiKey = z.infer<typeof createdApiKey>;

export const auditEntry = z
  .object({
    id: z.uuid(),
    at: when,
    actorKind: z.enum(['person', 'api_key', 'system']),
    actorId: z.string(),
    /** Display name of a person, name of a key; null for the platform itself. */
    actorName: z.string().nullable(),
    action: z.string(),
    subjectType: z.string(),
    subjectId: z.string(),
    before: z.record(z.string(), z.unknown()).nullable(),
    after: z.record(z.string(), z.unknown()).nullable(),
    requestId: z.string().nullable(),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof auditEntry>;
export const auditEntryList = listOf(auditEntry).meta({ id: 'AuditEntryList' });
export const auditEntryQuery = listQuery({ sort: ['at'] }).extend({
  action: z.string().max(100).optional(),
  actorId: z.string().max(100).optional(),
  subjectType: z.string().max(100).optional(),
  subjectId: z.string().max(100).optional(),
  from: when.optional(),
  to: when.optional(),
});
export type AuditEntryQuery = z.infer<typeof auditEntryQuery>;

/** What the log of the project can be narrowed to. */
export const auditFacets = z
  .object({
    actions: z.array(z.string()),
    actors: z.array(auditEntry.pick({ actorKind: true, actorId: true, actorName: true })),
  })
  .meta({ id: 'AuditFacets' });
export type AuditFacets = z.infer<typeof auditFacets>;

/** A signed address, good for a minute. */
export const downloadTicket = z.object({ url: z.string(), expiresAt: when }).meta({ id: 'DownloadTicket' });
export type DownloadTicket = z.infer<typeof downloadTicket>;
