export { factWarnings, type FactWarning } from './fact-warnings.js';
export { PolishModule } from './polish.module.js';
export { PolishPurpose } from './polish.purpose.js';
export { polishRequest, readPolish, type PolishSubject } from './polish-text.js';
