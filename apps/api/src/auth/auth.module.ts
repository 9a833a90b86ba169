import { Module } from '@nestjs/common';
import { IdentityModule } from '@qingnang/identity';
import { AuthController } from './auth.controller.js';

@Module({ imports: [IdentityModule], controllers: [AuthController] })
export class AuthModule {}
