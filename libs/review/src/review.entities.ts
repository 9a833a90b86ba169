import { ApprovalCheckEntity, ApprovalRuleEntity } from './rules/approval-rule.entity.js';
import { TaskSetEntity } from './task-set.entity.js';

export const reviewEntities = [TaskSetEntity, ApprovalRuleEntity, ApprovalCheckEntity];
