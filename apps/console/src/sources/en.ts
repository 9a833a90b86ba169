import type { SameKeys } from '../i18n/messages';
import type { sourcesZh } from './zh';

export const sourcesEn: SameKeys<typeof sourcesZh> = {
  name: 'Source |||| Sources',
  lead: 'Every record can say where it comes from and what may be done with it.',
  empty:
    'Register a source: name, licence, what it may be used for, de-identified or not. It can be done during an import, too.',
  create: 'Register a source',
  search: 'Find by name',
  origin_hint: 'An address, a hospital, the number of a contract.',
  licence_hint: 'The SPDX name, for example Apache-2.0; terms of your own as LicenseRef-…',
  allowed_use_hint: 'What is not ticked is refused. A test set ticks “evaluate” only and never reaches training.',
  uses: { train: 'Train', evaluate: 'Evaluate', reference: 'Reference', release: 'Release' },
  use_means: '%{use}: %{means}',
  uses_hint: {
    train: 'may be frozen into snapshots that models are trained on',
    evaluate: 'may serve as exam questions',
    reference: 'may be compared with, e.g. to find duplicates',
    release: 'may go into data sets that are published',
  },
  deidentified_hint:
    'De-identified: names, phone and identity numbers, addresses and record numbers were removed or replaced, so that nobody can tell who it is. Text that is not de-identified never goes to an outside model.',
  deidentified: {
    yes: 'It is: the provider says so, or we checked',
    no: 'It is not, or nobody knows: its text stays on this machine and with models of our own',
  },
  is: { yes: 'De-identified', no: 'Not de-identified' },
  terms_hint: 'What else the provider asks for, e.g. attribution, no commercial use.',
  languages: { zh: 'Chinese', en: 'English' },
  fields: {
    name: 'Name',
    origin: 'Origin',
    licence: 'Licence',
    allowedUse: 'May be used to',
    deidentified: 'De-identified',
    language: 'Language',
    terms: 'Further terms',
    records: 'Records',
    createdAt: 'Registered',
  },
};
