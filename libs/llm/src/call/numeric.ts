import type { ValueTransformer } from 'typeorm';

/** `numeric` arrives as text, since it may hold more than a double; money of 14 digits fits. */
export const numeric: ValueTransformer = {
  to: (value: number | null | undefined) => value,
  from: (value: string | null) => (value === null ? null : Number(value)),
};
