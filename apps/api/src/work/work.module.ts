import { Module } from '@nestjs/common';
import { PreferenceModule } from '@qingnang/preference';
import { ReviewModule } from '@qingnang/review';
import { DoctorWorkController } from './doctor-work.controller.js';
import { PolishWorkController } from './polish-work.controller.js';
import { WorkController } from './work.controller.js';

@Module({
  imports: [ReviewModule, PreferenceModule],
  controllers: [WorkController, PolishWorkController, DoctorWorkController],
})
export class WorkModule {}
