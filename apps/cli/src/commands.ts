import type { Command } from './command.js';

/** In the order of the help. */
export const commands: Record<string, Command> = {
  up: {
    about: 'Start database, API, worker and rehearsal model, and keep them running',
    load: () => import('./commands/up.js'),
  },
  import: {
    about: 'Bring a file in through the API, with the key of QINGNANG_API_KEY',
    usage: 'FILE --project SLUG --source NAME --data-set NAME',
    load: () => import('./commands/import.js'),
  },
  migrate: {
    about: 'Bring the database of DATABASE_URL, or the built-in one, up to this version',
    load: () => import('./commands/migrate.js'),
  },
  'reset-password': {
    about: 'Give a person a new random password and end their sessions',
    usage: 'LOGIN',
    load: () => import('./commands/reset-password.js'),
  },
  doctor: {
    about: 'Look at settings, disk, database, kept counts and programs, and say what is wrong',
    usage: '[--mend-counts]',
    load: () => import('./commands/doctor.js'),
  },
  rehearsal: {
    about: 'Serve the rehearsal model alone, for tests of other programs',
    load: () => import('./commands/rehearsal.js'),
  },
};
