/** The twenty departments of the reference system's multi-turn test, in its own Chinese names. */
export const departments = [
  '内科',
  '消化内科',
  '心血管内科',
  '神经内科',
  '儿科',
  '外科',
  '普外科',
  '骨科',
  '神经外科',
  '泌尿外科',
  '男科',
  '妇科',
  '妇产科',
  '产科',
  '皮肤科',
  '皮肤性病科',
  '眼科',
  '口腔科',
  '精神科',
  '中医科',
] as const;
export type Department = (typeof departments)[number];

/**
 * A common complaint with what any leaflet says about it: likely causes, care at home, when to see a doctor and what a
 * doctor would ask. Nothing here names a drug or a dose, so that invented text can do no harm.
 */
export interface Topic {
  department: Department;
  name: string;
  causes: readonly string[];
  care: readonly string[];
  /** Fits behind 若 and before 请及时就诊. */
  warn: string;
  /** The question a doctor asks first, without its question mark. */
  ask: string;
  /** What a patient would answer to it. */
  reply: string;
}

/** Causes and care are written in one string, parted by 、, to keep the tables readable. */
export function topic(
  department: Department,
  name: string,
  causes: string,
  care: string,
  warn: string,
  ask: string,
  reply: string,
): Topic {
  return { department, name, causes: causes.split('、'), care: care.split('、'), warn, ask, reply };
}
