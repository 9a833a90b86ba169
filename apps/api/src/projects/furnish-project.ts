import { ensureRubric } from '@qingnang/judge';
import { ensureLlmDefaults } from '@qingnang/llm';
import type { EntityManager } from 'typeorm';

/** What every project begins with: the rehearsal provider, the house style, prompts, the rubric of reward labels. */
export async function furnishProject(tx: EntityManager, projectId: string): Promise<void> {
  await ensureLlmDefaults(tx, projectId);
  await ensureRubric(tx, projectId);
}
