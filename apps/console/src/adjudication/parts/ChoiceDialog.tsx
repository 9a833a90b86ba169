import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControlLabel from '@mui/material/FormControlLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import TextField from '@mui/material/TextField';
import { type KeyboardEvent, useState } from 'react';
import { useTranslate } from 'react-admin';
import { Kbd } from '../../polish-review/parts/FactWarnings';
import { isMac } from '../../sitting/keys/keyboard';

export interface Choice {
  id: string;
  name: string;
}

interface Props {
  title: string;
  /** None where there is nothing to choose. */
  choices: readonly Choice[];
  /** Why it cannot be done. */
  refusal?: string | undefined;
  verb: string;
  commentLabel: string;
  comment: string;
  onComment: (comment: string) => void;
  onDone: (choice: string | null) => void;
  onCancel: () => void;
}

/**
 * One choice and a word to go with it, by keyboard: a figure chooses, Enter hands in. What is typed belongs to the task,
 * not to the dialog: Escape leaves it where it is.
 */
export function ChoiceDialog({ title, choices, refusal, verb, comment, ...on }: Props) {
  const translate = useTranslate();
  const [choice, setChoice] = useState<string | null>(choices[0]?.id ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const typing = (event.target as HTMLElement).tagName === 'TEXTAREA';
    const figure = choices[Number(event.key) - 1];
    if (!typing && figure) setChoice(figure.id);
    else if (event.key === 'Enter' && !refusal && (isMac() ? event.metaKey : event.ctrlKey || !typing))
      on.onDone(choice);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog open onClose={on.onCancel} onKeyDown={onKeyDown} fullWidth maxWidth="sm" disableRestoreFocus>
      <DialogTitle>{title}</DialogTitle>
      <DialogContent>
        {refusal ?? (
          <RadioGroup value={choice} onChange={(_, next) => setChoice(next)} aria-label={title}>
            {choices.map(({ id, name }, index) => (
              <FormControlLabel
                key={id}
                value={id}
                control={<Radio autoFocus={index === 0} />}
                label={
                  <>
                    {name} {index < 9 && <Kbd>{String(index + 1)}</Kbd>}
                  </>
                }
              />
            ))}
          </RadioGroup>
        )}
        {!refusal && (
          <TextField
            multiline
            fullWidth
            minRows={2}
            autoFocus={choices.length === 0}
            margin="normal"
            label={on.commentLabel}
            value={comment}
            onChange={(event) => on.onComment(event.target.value)}
          />
        )}
      </DialogContent>
      <DialogActions>
        <Button onClick={on.onCancel}>
          {translate('ra.action.cancel')} <Kbd>Esc</Kbd>
        </Button>
        {!refusal && (
          <Button variant="contained" onClick={() => on.onDone(choice)}>
            {verb} <Kbd>{isMac() ? '⌘⏎' : 'Ctrl+⏎'}</Kbd>
          </Button>
        )}
      </DialogActions>
    </Dialog>
  );
}
