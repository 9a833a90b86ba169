export { PolishModule } from './polish.module.js';
export { PolishPurpose } from './polish.purpose.js';
export { polishedDialogue, polishForm, polishRequest, type PolishSubject } from './polish-text.js';
export { polishAnswer, polishMaterial } from './wire.js';
