import type { CreateSource, Source, UpdateSource } from '@qingnang/contracts';

/** Licences most met among medical dialogues; any other SPDX identifier can be typed. */
export const commonLicences = [
  'Apache-2.0',
  'MIT',
  'CC0-1.0',
  'CC-BY-4.0',
  'CC-BY-SA-4.0',
  'CC-BY-NC-4.0',
  'CC-BY-NC-SA-4.0',
  'LicenseRef-contract',
  'LicenseRef-unknown',
];

export const uses = ['train', 'evaluate', 'reference', 'release'] as const;

/** A new source says little by itself: what it may be used for and whether it is de-identified, the person says. */
export const newSource: Partial<CreateSource> = { origin: '', terms: '', language: 'zh', allowedUse: [] };

/** What the API takes of an edited source; a source's language stays. */
export function changesOf(form: Source): UpdateSource {
  const { name, origin, licence, terms, allowedUse, deidentified } = form;
  return { name, origin: origin ?? '', licence, terms: terms ?? '', allowedUse, deidentified };
}
