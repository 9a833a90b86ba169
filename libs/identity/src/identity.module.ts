import { Module } from '@nestjs/common';
import { AccessLeases } from './access/access-leases.js';
import { ApiKeyService } from './keys/api-key.service.js';
import { AccountService } from './people/account.service.js';
import { InviteService } from './people/invite.service.js';
import { MemberService } from './people/member.service.js';
import { PasswordService } from './people/password.service.js';
import { ProjectService } from './project.service.js';
import { AccessTokens } from './sign-in/access-tokens.js';
import { Authenticator } from './sign-in/authenticator.js';
import { SessionService } from './sign-in/session.service.js';
import { SignInLimits } from './sign-in/sign-in-limits.js';

const services = [
  AccessLeases,
  AccessTokens,
  AccountService,
  ApiKeyService,
  Authenticator,
  InviteService,
  MemberService,
  PasswordService,
  ProjectService,
  SessionService,
  SignInLimits,
];

@Module({ providers: services, exports: services })
export class IdentityModule {}
