import { Module } from '@nestjs/common';
import { IdentityModule } from '@qingnang/identity';
import { PeopleController } from './people.controller.js';

@Module({ imports: [IdentityModule], controllers: [PeopleController] })
export class PeopleModule {}
