import { useTranslate } from 'react-admin';
import { ActionBar } from '../../sitting/keys/ActionBar';
import { isMac } from '../../sitting/keys/keyboard';
import { keysOf, type ReviewCommand } from '../logic/keyboard';

interface Props {
  edited: boolean;
  disabled: boolean;
  undoable: boolean;
  onCommand: (command: ReviewCommand) => void;
}

const commands = ['submit', 'reject', 'skip', 'ask_doctor', 'polish_again', 'undo'] as const;

/** What one can do with the record. */
export function KeyBar({ edited, disabled, undoable, onCommand }: Props) {
  const translate = useTranslate();
  const nameOf = (command: (typeof commands)[number]) => (command === 'submit' && edited ? 'submit_edit' : command);
  return (
    <ActionBar
      actions={commands.map((id) => ({
        id,
        name: translate(`resources.polish-review.commands.${nameOf(id)}`),
        keys: keysOf(id, isMac()),
        disabled: id === 'undo' ? !undoable : disabled,
        primary: id === 'submit',
      }))}
      onAction={onCommand}
    />
  );
}
