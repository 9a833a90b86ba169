import { Module } from '@nestjs/common';
import { PreferenceModule } from '@qingnang/preference';
import { CandidatesController } from './candidates.controller.js';

@Module({ imports: [PreferenceModule], controllers: [CandidatesController] })
export class CandidatesModule {}
