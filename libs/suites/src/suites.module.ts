import { Module } from '@nestjs/common';
import { SuiteService } from './suite.service.js';

@Module({ providers: [SuiteService], exports: [SuiteService] })
export class SuitesModule {}
