import type { SameKeys } from '../i18n/messages';
import type { sittingZh } from './zh';

export const sittingEn: SameKeys<typeof sittingZh> = {
  name: 'Tasks at hand',
  saved: 'Saved %{time}',
  on_device: 'On this device, not sent yet (%{n})',
  refused: 'On this device; the server did not take it: %{why}',
  in_memory: 'No room on this device, not sent yet (%{n})',
  lost_because: {
    taken: 'Its time ran out and somebody else has it now.',
    elsewhere: 'You have this set open in another window or on another device; here you can only read.',
    released: 'Its time ran out and it went back to the queue.',
    removed: 'You are no longer a member of this project.',
    answered: 'It has been answered already.',
    base_changed: 'What it is about has just changed.',
    record_held_back: 'Its record has just been held back; it need not be done.',
  },
  lost_kept: 'What you wrote is kept as a draft and comes back with the task.',
  closed: 'This set has just been closed and hands out nothing more. The task at hand can still go in.',
  closed_title: 'This set of tasks is closed',
  closed_text: 'Nothing more is handed out. What you did counts; thank you.',
  skip_title: 'Skip this one?',
  skip_text: 'What you changed is kept as a draft, and skipping can be taken back.',
  skip_yes: 'Skip',
  skip_no: 'Go on writing',
  go_on: 'Go on',
  go_on_here: 'Continue here',
  still_here: 'What you wrote is still here; you can try again.',
};
