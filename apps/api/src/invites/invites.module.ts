import { Module } from '@nestjs/common';
import { IdentityModule } from '@qingnang/identity';
import { InvitesController } from './invites.controller.js';

@Module({ imports: [IdentityModule], controllers: [InvitesController] })
export class InvitesModule {}
