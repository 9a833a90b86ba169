import { Module } from '@nestjs/common';
import { PreferenceModule } from '@qingnang/preference';
import { ReferencesController } from './references.controller.js';

@Module({ imports: [PreferenceModule], controllers: [ReferencesController] })
export class ReferencesModule {}
