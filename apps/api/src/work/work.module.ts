import { Module } from '@nestjs/common';
import { ReviewModule } from '@qingnang/review';
import { PolishWorkController } from './polish-work.controller.js';
import { WorkController } from './work.controller.js';

@Module({ imports: [ReviewModule], controllers: [WorkController, PolishWorkController] })
export class WorkModule {}
