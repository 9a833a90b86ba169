import { TaskSetEntity } from './task-set.entity.js';

export const reviewEntities = [TaskSetEntity];
