import { ApiKeyEntity } from './entities/api-key.entity.js';
import { InviteEntity } from './entities/invite.entity.js';
import { MembershipEntity } from './entities/membership.entity.js';
import { PersonEntity } from './entities/person.entity.js';
import { ProjectEntity } from './entities/project.entity.js';
import { ResetTokenEntity } from './entities/reset-token.entity.js';
import { SessionEntity } from './entities/session.entity.js';

export { ApiKeyEntity, InviteEntity, MembershipEntity, PersonEntity, ProjectEntity, ResetTokenEntity, SessionEntity };
export const identityEntities = [
  PersonEntity,
  ProjectEntity,
  MembershipEntity,
  SessionEntity,
  InviteEntity,
  ResetTokenEntity,
  ApiKeyEntity,
];
export { systemActor, type Actor, type Role } from '@qingnang/contracts';
export { AccessTokens } from './access-tokens.js';
export { Authenticator, type Caller, type SignedInPerson } from './authenticator.js';
export { issueApiKey, readApiKey, revokeRunKeys, type KeyHolder, type NewApiKey } from './api-key.js';
export { IdentityModule } from './identity.module.js';
export { ProjectService, createProject, type NewProject } from './project.service.js';
export { hashPassword } from './secrets.js';
export { SessionService, endSessions, type Origin, type SessionTokens } from './session.service.js';
