import type { SameKeys } from '../i18n/messages';
import type { accountZh } from './zh';

export const accountEn: SameKeys<typeof accountZh> = {
  name: 'My account',
  title: 'My account',
  password: 'Change the password',
  others_end: 'Saving it signs out your other devices.',
  current: 'Password now',
  save: 'Save the new password',
  changed: 'Password changed',
};
