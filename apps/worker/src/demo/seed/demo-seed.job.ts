import { z } from 'zod';
import { defineJob } from '@qingnang/queue';

/** Makes the demo project, once; asked for at every start of a worker, done at the first. */
export const demoSeedJob = defineJob('demo.seed', z.object({}), { maxAttempts: 3 });
