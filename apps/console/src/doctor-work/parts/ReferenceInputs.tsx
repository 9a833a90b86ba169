import Alert from '@mui/material/Alert';
import Checkbox from '@mui/material/Checkbox';
import FormControlLabel from '@mui/material/FormControlLabel';
import TextField from '@mui/material/TextField';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import { useTranslate } from 'react-admin';
import type { ReferenceWords } from '../session/kinds';

const kinds = ['answer', 'ask_first', 'cannot_answer'] as const;

interface Props {
  words: ReferenceWords;
  /** A model's reply on this record was seen before. */
  exposed: boolean;
  disabled: boolean;
  onChange: (changes: Partial<ReferenceWords>) => void;
}

/** The three kinds of answer, the words, and the mark for those who have seen a model's reply. */
export function ReferenceInputs({ words, exposed, disabled, onChange }: Props) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.doctor-work.${key}`);
  return (
    <>
      {exposed && (
        <Alert severity="warning" variant="outlined">
          {say('exposed')}
          <FormControlLabel
            sx={{ display: 'flex' }}
            control={
              <Checkbox
                checked={words.afterExposure}
                onChange={(event) => onChange({ afterExposure: event.target.checked })}
              />
            }
            label={say('after_exposure')}
          />
        </Alert>
      )}
      <ToggleButtonGroup
        exclusive
        fullWidth
        color="primary"
        value={words.kind}
        disabled={disabled}
        aria-label={say('kind')}
        onChange={(_, kind: ReferenceWords['kind'] | null) => kind && onChange({ kind })}
      >
        {kinds.map((kind) => (
          <ToggleButton
            key={kind}
            value={kind}
            sx={{
              minHeight: 48,
              textTransform: 'none',
              fontSize: '1rem',
              px: 0.5,
              color: 'text.primary',
              '&.Mui-selected': { color: 'primary.dark' },
            }}
          >
            {say(`kinds.${kind}`)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <TextField
        label={say(`text_label.${words.kind}`)}
        value={words.text}
        onChange={(event) => onChange({ text: event.target.value })}
        disabled={disabled}
        multiline
        minRows={5}
        maxRows={16}
        autoFocus
        fullWidth
        sx={{ '& .MuiInputBase-root': { bgcolor: 'background.paper' } }}
      />
    </>
  );
}
