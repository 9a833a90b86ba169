import { RubricVersionEntity } from './rubric-version.entity.js';

export const judgeEntities = [RubricVersionEntity];
