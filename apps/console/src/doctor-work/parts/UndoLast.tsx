import Button from '@mui/material/Button';
import { useTranslate } from 'react-admin';
import { isMac, keysOf } from '../../sitting/keys/keyboard';
import { doctorKeys } from '../logic/keys';

interface Props {
  /** The answer that can be taken back; null where there is none. */
  answerId: string | null | undefined;
  /** What it said, where that goes into a word. */
  what?: string;
  disabled: boolean;
  onUndo: () => void;
}

/** Takes the last answer back: a mis-tap is one tap from being put right. */
export function UndoLast({ answerId, what, disabled, onUndo }: Props) {
  const translate = useTranslate();
  if (!answerId) return null;
  const keys = keysOf('undo', isMac(), doctorKeys);
  return (
    <Button onClick={onUndo} disabled={disabled} sx={{ justifySelf: 'start', minHeight: 44 }}>
      {translate(`resources.doctor-work.${what ? 'undo_pair' : 'undo_last'}`, { what, keys })}
    </Button>
  );
}
