import { Module } from '@nestjs/common';
import { AccessTokens } from './access-tokens.js';
import { Authenticator } from './authenticator.js';
import { ProjectService } from './project.service.js';
import { SessionService } from './session.service.js';

const services = [AccessTokens, Authenticator, ProjectService, SessionService];

@Module({ providers: services, exports: services })
export class IdentityModule {}
