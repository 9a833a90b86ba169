import TextField from '@mui/material/TextField';
import ToggleButton from '@mui/material/ToggleButton';
import ToggleButtonGroup from '@mui/material/ToggleButtonGroup';
import type { BlindVerdict } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import type { BlindWords } from '../session/blind-kind';

/** By the key that chooses each. */
export const verdictKeys = { a: 'a_better', b: 'b_better', t: 'tie', x: 'both_bad' } as const satisfies Record<
  string,
  BlindVerdict
>;

interface Props {
  words: BlindWords;
  disabled: boolean;
  onChange: (changes: Partial<BlindWords>) => void;
}

/** Which is better, and why where somebody wants to say it. */
export function VerdictChoice({ words, disabled, onChange }: Props) {
  const translate = useTranslate();
  const say = (key: string) => translate(`resources.doctor-work.${key}`);
  return (
    <>
      <ToggleButtonGroup
        exclusive
        value={words.verdict}
        disabled={disabled}
        aria-label={say('ask_pair')}
        onChange={(_event, verdict: BlindVerdict | null) => onChange({ verdict })}
        sx={{ display: 'grid', gap: 1, gridTemplateColumns: { xs: 'repeat(2, 1fr)', md: 'repeat(4, 1fr)' } }}
      >
        {Object.entries(verdictKeys).map(([key, verdict]) => (
          <ToggleButton
            key={verdict}
            value={verdict}
            color="primary"
            aria-keyshortcuts={key.toUpperCase()}
            sx={{
              minHeight: 48,
              textTransform: 'none',
              // Buttons of a group share their edges; these stand apart.
              '&&': { m: 0, border: 1, borderColor: 'divider', borderRadius: 1 },
            }}
          >
            {say(`pair_verdicts.${verdict}`)}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <TextField
        label={say('pair_reason')}
        value={words.reason}
        disabled={disabled}
        multiline
        minRows={2}
        slotProps={{ htmlInput: { maxLength: 2000 } }}
        onChange={(event) => onChange({ reason: event.target.value })}
      />
    </>
  );
}
