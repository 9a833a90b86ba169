import type { SameKeys } from '../i18n/messages';
import type { projectsZh } from './zh';

export const projectsEn: SameKeys<typeof projectsZh> = {
  name: 'Project |||| Projects',
  lead: 'Each project keeps its data, people and costs to itself. Its name opens it.',
  create: 'New project',
  first_lead: 'There is no project yet. Make one to import data into.',
  demo_coming: 'If the demo is switched on, it opens by itself once it is ready, mostly within a minute.',
  synthetic: 'Synthetic',
  slug_hint: 'Stands in addresses: small letters and digits, with hyphens between.',
  fields: {
    name: 'Name',
    slug: 'Address name',
    description: 'Description',
    isDemo: 'Data',
    roles: 'My roles',
    createdAt: 'Made',
  },
};
