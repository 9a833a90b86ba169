import { Module } from '@nestjs/common';
import { ReviewModule } from '@qingnang/review';
import { ApprovalRulesController } from './approval-rules.controller.js';

@Module({ imports: [ReviewModule], controllers: [ApprovalRulesController] })
export class ApprovalRulesModule {}
