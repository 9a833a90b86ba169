/** A value network of its own stands beside the policy in gradients and checkpoints under this. */
export const VALUE_PREFIX = 'value_model.';

/** A tensor of what estimates values and not of what speaks: checkpoints keep them apart. */
export function isValueName(name: string): boolean {
  return name.startsWith('v_head.') || name.startsWith(VALUE_PREFIX);
}
