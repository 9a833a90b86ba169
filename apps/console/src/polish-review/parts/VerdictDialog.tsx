import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import FormControlLabel from '@mui/material/FormControlLabel';
import Radio from '@mui/material/Radio';
import RadioGroup from '@mui/material/RadioGroup';
import TextField from '@mui/material/TextField';
import type { PolishRejectReason } from '@qingnang/contracts';
import { useState, type KeyboardEvent } from 'react';
import { useTranslate } from 'react-admin';
import { isMac } from '../../sitting/keys/keyboard';
import { keysOf } from '../logic/keyboard';
import type { PolishVerdict } from '../session/polish-kind';

type VerdictWords = Omit<PolishVerdict, 'verdict'>;
import { Kbd } from './FactWarnings';

const reasons = ['facts_changed', 'unsafe_advice', 'unreadable_original', 'private_data', 'other'] as const;

interface Props {
  verdict: 'reject' | 'ask_doctor';
  comment: string;
  onComment: (comment: string) => void;
  onDone: (words: VerdictWords) => void;
  onCancel: () => void;
}

interface ReasonsProps {
  value: PolishRejectReason;
  onChange: (reason: PolishRejectReason) => void;
  onDone: () => void;
}

/** A figure chooses, arrows move, Enter hands in. */
function Reasons({ value, onChange, onDone }: ReasonsProps) {
  const translate = useTranslate();
  const onKeyDown = (event: KeyboardEvent) => {
    const chosen = reasons[Number(event.key) - 1];
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (chosen) onChange(chosen);
    else if (event.key === 'Enter') onDone();
    else return;
    event.preventDefault();
  };
  return (
    <RadioGroup
      value={value}
      onChange={(_, next) => onChange(next as PolishRejectReason)}
      onKeyDown={onKeyDown}
      aria-label={translate('resources.polish-review.reason')}
    >
      {reasons.map((reason, index) => (
        <FormControlLabel
          key={reason}
          value={reason}
          control={<Radio autoFocus={index === 0} />}
          label={
            <>
              {translate(`resources.polish-review.reasons.${reason}`)} <Kbd>{String(index + 1)}</Kbd>
            </>
          }
        />
      ))}
    </RadioGroup>
  );
}

/** Why a polish cannot be used, or what a doctor should look at. All by keyboard; Escape goes back to the text and keeps what was typed. */
export function VerdictDialog({ verdict, comment, onComment, onDone, onCancel }: Props) {
  const translate = useTranslate();
  const [reasonCode, setReason] = useState<PolishRejectReason>('facts_changed');
  const rejecting = verdict === 'reject';
  const done = () => onDone(rejecting ? { reasonCode } : {});
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229 || event.key !== 'Enter') return;
    if (!(isMac() ? event.metaKey : event.ctrlKey)) return;
    event.preventDefault();
    done();
  };
  return (
    <Dialog open onClose={onCancel} onKeyDown={onKeyDown} fullWidth maxWidth="sm" disableRestoreFocus>
      <DialogTitle>{translate(`resources.polish-review.${verdict}_title`)}</DialogTitle>
      <DialogContent>
        {rejecting && <Reasons value={reasonCode} onChange={setReason} onDone={done} />}
        <TextField
          multiline
          fullWidth
          minRows={2}
          autoFocus={!rejecting}
          margin="normal"
          label={translate(`resources.polish-review.${verdict}_comment`)}
          value={comment}
          onChange={(event) => onComment(event.target.value)}
        />
      </DialogContent>
      <DialogActions>
        <Button onClick={onCancel}>
          {translate('ra.action.cancel')} <Kbd>Esc</Kbd>
        </Button>
        <Button variant="contained" onClick={done}>
          {translate(`resources.polish-review.commands.${verdict}`)} <Kbd>{keysOf('submit', isMac())}</Kbd>
        </Button>
      </DialogActions>
    </Dialog>
  );
}
