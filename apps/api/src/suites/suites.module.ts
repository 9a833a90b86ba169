import { Module } from '@nestjs/common';
import { SuitesModule as SuitesLibrary } from '@qingnang/suites';
import { SuitesController } from './suites.controller.js';
import { SuitesDesk } from './suites.desk.js';

@Module({ imports: [SuitesLibrary], controllers: [SuitesController], providers: [SuitesDesk] })
export class SuitesModule {}
