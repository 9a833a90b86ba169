import { Module } from '@nestjs/common';
import { IdentityModule } from '@qingnang/identity';
import { MembersController } from './members.controller.js';

@Module({ imports: [IdentityModule], controllers: [MembersController] })
export class MembersModule {}
