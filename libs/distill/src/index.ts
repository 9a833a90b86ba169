export { DistillModule } from './distill.module.js';
export { DistilPurpose } from './distil.purpose.js';
export { newDistilJob } from './new-distil-job.js';
