import type { ApprovalHow, CreateSnapshot, RecordFilter, Snapshot, SnapshotPreviewRequest } from '@qingnang/contracts';

export type FrozenKind = CreateSnapshot['kind'];

/** What the page of a new snapshot holds. Numbers as typed, so that a half-written one is not corrected. */
export interface SnapshotForm {
  /** Empty means named after its kind. */
  name: string;
  kind: FrozenKind;
  filter: RecordFilter;
  includeRehearsal: boolean;
  /** sft: how its texts were approved; empty for either. */
  how: ApprovalHow | '';
  /** Percent. */
  validation: string;
  test: string;
  /** Points of the rubric. */
  minMargin: string;
}

export const emptyForm: SnapshotForm = {
  name: '',
  kind: 'sft',
  filter: {},
  includeRehearsal: false,
  how: '',
  validation: '10',
  test: '10',
  minMargin: '0.5',
};

const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

export function nameOf(form: SnapshotForm): string {
  return form.name.trim() || form.kind;
}

export function nameIsGood(form: SnapshotForm): boolean {
  return NAME.test(nameOf(form));
}

/** Shares of the three splits, which sum to 1; null while the percentages make no sense. */
export function sharesOf(form: SnapshotForm): { train: number; validation: number; test: number } | null {
  const [validation, test] = [form.validation, form.test].map((text) => (text.trim() === '' ? 0 : Number(text)));
  if (validation === undefined || test === undefined) return null;
  const fits = [validation, test, 100 - validation - test].every((share) => share >= 0 && share <= 100);
  if (!fits) return null;
  return { train: (100 - validation - test) / 100, validation: validation / 100, test: test / 100 };
}

function withoutEmpty(filter: RecordFilter): RecordFilter {
  const whole = Object.entries(filter).filter(([, value]) =>
    Array.isArray(value) ? value.length > 0 : value !== undefined && String(value).trim() !== '',
  );
  return Object.fromEntries(whole) as RecordFilter;
}

/** What the API is asked to count, or with a name to freeze; null while the form is not whole. */
export function bodyOf(form: SnapshotForm): SnapshotPreviewRequest | null {
  const splits = sharesOf(form);
  const minMargin = Number(form.minMargin);
  if (splits === null || !(minMargin >= 0 && minMargin <= 100)) return null;
  const { kind, includeRehearsal } = form;
  const how = kind === 'sft' && form.how !== '' ? { how: form.how } : {};
  return { kind, selection: { filter: withoutEmpty(form.filter), includeRehearsal, splits, minMargin, ...how } };
}

/** Above this share one group makes the splits uneven. */
export const LARGE_GROUP = 0.01;

export function percent(share: number): string {
  return (share * 100).toFixed(share < 0.1 ? 1 : 0);
}

export function inProgress({ state }: Pick<Snapshot, 'state'>): boolean {
  return state === 'draft' || state === 'freezing';
}

/** Frozen or released: with files that can be read and trained on. */
export function hasFiles({ state }: Pick<Snapshot, 'state'>): boolean {
  return state === 'frozen' || state === 'released';
}

/** Nobody drafts a snapshot: one that is ordered waits for a worker, and is called so. */
export function shownState(state: string): string {
  return state === 'draft' ? 'queued' : state;
}

/** Enough of a digest to tell two apart by eye. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}
