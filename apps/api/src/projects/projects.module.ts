import { Module } from '@nestjs/common';
import { IdentityModule } from '@qingnang/identity';
import { ProjectsController } from './projects.controller.js';

@Module({ imports: [IdentityModule], controllers: [ProjectsController] })
export class ProjectsModule {}
