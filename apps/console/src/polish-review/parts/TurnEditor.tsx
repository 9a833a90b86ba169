import Box from '@mui/material/Box';
import { useTranslate } from 'react-admin';
import type { DiffSegment } from '../../dialogue/diff-segments';

interface Props {
  text: string;
  segments: readonly DiffSegment[];
  label: string;
  readOnly: boolean;
  inputRef: (element: HTMLTextAreaElement | null) => void;
  onChange: (text: string) => void;
}

// Field and marks are drawn one over the other, so every measure of the letters must be the same.
const letters = {
  gridArea: '1 / 1',
  font: 'inherit',
  lineHeight: 1.75,
  letterSpacing: 0,
  textAutospace: 'no-autospace',
  whiteSpace: 'pre-wrap',
  overflowWrap: 'anywhere',
  wordBreak: 'normal',
  p: 1.5,
  m: 0,
  border: 0,
  boxSizing: 'border-box',
  width: '100%',
} as const;

/** The words as they stand, on a pale ground where they are not the doctor's own. As high as its text. */
export function TurnEditor({ text, segments, label, readOnly, inputRef, onChange }: Props) {
  const translate = useTranslate();
  const empty = text.trim() === '';
  return (
    <Box
      sx={{
        display: 'grid',
        bgcolor: 'background.paper',
        border: 1,
        borderColor: empty ? 'error.main' : 'divider',
        borderRadius: 1,
        '&:focus-within': { borderColor: 'primary.main', outline: '1px solid', outlineColor: 'primary.main' },
      }}
    >
      <Box aria-hidden sx={{ ...letters, color: 'transparent', pointerEvents: 'none', minHeight: '6.25em' }}>
        {segments
          .filter(({ op }) => op !== 'delete')
          .map(({ op, text: words }, index) =>
            op === 'equal' ? (
              <span key={index}>{words}</span>
            ) : (
              <Box
                key={index}
                component="span"
                sx={{ bgcolor: 'primary.light', borderBottom: '2px solid', borderColor: 'primary.main' }}
              >
                {words}
              </Box>
            ),
          )}
        {segments.length === 0 && text}
        {/* The last line break of a text has no height of its own. */}
        {'\u200b'}
      </Box>
      <Box
        component="textarea"
        ref={inputRef}
        value={text}
        aria-label={label}
        aria-invalid={empty}
        readOnly={readOnly}
        spellCheck={false}
        placeholder={translate('resources.polish-review.empty_turn')}
        onChange={(event) => onChange(event.target.value)}
        sx={{
          ...letters,
          color: 'text.primary',
          bgcolor: 'transparent',
          resize: 'none',
          overflow: 'hidden',
          outline: 'none',
          height: '100%',
          '&::selection': { bgcolor: 'warning.light', color: 'text.primary' },
        }}
      />
    </Box>
  );
}
