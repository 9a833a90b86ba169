import type { SameKeys } from '../i18n/messages';
import type { invitesZh, membersZh, peopleZh } from './zh';

export const membersEn: SameKeys<typeof membersZh> = {
  name: 'Member |||| Members',
  lead: 'Who is in this project, and what each does. One person may hold several roles.',
  invite: 'Invite a member',
  invites: 'Invites',
  remove: 'Take out of the project',
  remove_sure:
    'They will no longer see this project. Their keys, unused invites, open connections and download addresses in it end at once, and tasks in their hands go back to the queue. What they did and drafted stays.',
  removed: 'Taken out of the project.',
  departments_hint: 'Type a department and press Enter; several are fine.',
  licence_hint: 'Tick it when you have seen the licence yourself. A new number needs a new check.',
  states: { active: 'Active', deactivated: 'Deactivated' },
  fields: {
    q: 'Name or login',
    displayName: 'Name',
    login: 'Login',
    roles: 'Roles',
    departments: 'Departments',
    title: 'Title',
    licenceNumber: 'Licence number',
    licenceChecked: 'Licence checked',
    state: 'State',
    createdAt: 'Joined',
  },
};

export const invitesEn: SameKeys<typeof invitesZh> = {
  name: 'Invite |||| Invites',
  lead: 'An invite link is shown once, when it is made; whoever holds it can join.',
  empty: 'Invites are listed here and can be taken back at any time.',
  make: 'Make the invite link',
  made: 'The invite is ready',
  once: 'This link is shown this once. Copy it now and hand it over by a way you trust.',
  link: 'Invite link',
  revoke: 'Take back',
  revoke_sure: 'The link will no longer work.',
  revoked: 'Invite taken back',
  states: { open: 'Unused', accepted: 'Joined', revoked: 'Taken back', expired: 'Expired' },
  fields: {
    displayName: 'Name',
    roles: 'Roles',
    departments: 'Departments',
    days: 'Days it is good for',
    state: 'State',
    createdAt: 'Made',
    expiresAt: 'Good until',
  },
};

export const peopleEn: SameKeys<typeof peopleZh> = {
  name: 'Account |||| Accounts',
  lead: 'The accounts of the whole installation, seen by its admin only.',
  reset: 'Reset password',
  reset_made: 'Reset link for %{name}',
  reset_once: 'This link is shown this once. Copy it now and hand it over.',
  link: 'Reset link',
  deactivate: 'Deactivate',
  deactivate_sure:
    'They are signed out at once; in every project their keys, unused invites and links, open connections and download addresses end, and tasks in their hands go back to the queue with drafts kept. The account can be opened again; ended keys and invites stay ended.',
  deactivated: 'Account deactivated.',
  ended: {
    with_it: 'Ended with it: %{list}.',
    nothing: 'There was nothing else to end.',
    separator: ', ',
    sessions: '%{smart_count} sign-in |||| %{smart_count} sign-ins',
    apiKeys: '%{smart_count} API key |||| %{smart_count} API keys',
    invites: '%{smart_count} unused invite |||| %{smart_count} unused invites',
    resetLinks: '%{smart_count} password link |||| %{smart_count} password links',
    streams: '%{smart_count} open connection |||| %{smart_count} open connections',
    downloads: '%{smart_count} download address |||| %{smart_count} download addresses',
    tasks: '%{smart_count} task back in the queue |||| %{smart_count} tasks back in the queue',
  },
  reactivate: 'Reactivate',
  fields: { displayName: 'Name', login: 'Login', projects: 'Projects', state: 'State', createdAt: 'Made' },
};
