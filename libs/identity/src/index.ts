import { AccessLeaseEntity } from './entities/access-lease.entity.js';
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
  AccessLeaseEntity,
];
export { systemActor, type Actor, type Role } from '@qingnang/contracts';
export { AccessLeases, type AccessLease } from './access/access-leases.js';
export { type ReleaseTasks } from './access/end-access.js';
export { IdentityModule } from './identity.module.js';
export {
  issueApiKey,
  limitRunKeys,
  readApiKey,
  revokeRunKeys,
  type KeyHolder,
  type NewApiKey,
} from './keys/api-key.js';
export { ApiKeyService } from './keys/api-key.service.js';
export { AccountService } from './people/account.service.js';
export { createFirstAdmin, resetPassword, type Credentials } from './people/first-admin.js';
export { InviteService } from './people/invite.service.js';
export { MemberService } from './people/member.service.js';
export { PasswordService } from './people/password.service.js';
export { ProjectService, createProject, type NewProject } from './project.service.js';
export { AccessTokens } from './sign-in/access-tokens.js';
export { Authenticator, type Caller, type SignedInPerson } from './sign-in/authenticator.js';
export { hashPassword } from './sign-in/secrets.js';
export {
  SessionService,
  endSessions,
  type Origin,
  type SessionTokens,
  type SignedIn,
} from './sign-in/session.service.js';
