import { SuiteItemEntity } from './suite-item.entity.js';
import { SuiteEntity } from './suite.entity.js';

export { SuiteEntity, SuiteItemEntity };
export const suitesEntities = [SuiteEntity, SuiteItemEntity];
export { questionKeys, questionTurns } from './question-hashes.js';
export { SuiteService } from './suite.service.js';
export { SuitesModule } from './suites.module.js';
