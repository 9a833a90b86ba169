import type { DataSet, RunConfig } from '@qingnang/contracts';

/** Three models that differ in nothing but the rows they learn from. */
export const armNames = ['real', 'distilled', 'both'] as const;
export type ArmName = (typeof armNames)[number];

const real: DataSet[] = ['real_instruction', 'real_conversation'];
const distilled: DataSet[] = ['distilled_instruction', 'distilled_conversation'];

export const armDataSets: Record<ArmName, DataSet[]> = { real, distilled, both: [...real, ...distilled] };

/** The settings of one arm: the same for all but for the rows, and the same number of updates, so nothing ends early. */
export function armConfig(config: Extract<RunConfig, { method: 'sft' }>, arm: ArmName, steps: number) {
  return { ...config, epochs: null, steps, sft: { ...config.sft, patience: null, data_sets: armDataSets[arm] } };
}
