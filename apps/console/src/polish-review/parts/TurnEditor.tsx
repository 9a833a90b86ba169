import Box from '@mui/material/Box';
import { memo, useLayoutEffect, useRef } from 'react';
import { useTranslate } from 'react-admin';
import type { ReviewedTurn } from '../session/useWalk';
import { paint, patch } from './marks';

type Compared = Pick<ReviewedTurn, 'segments' | 'findings' | 'compared'>;

interface Props extends Compared {
  text: string;
  label: string;
  readOnly: boolean;
  inputRef: (element: HTMLTextAreaElement | null) => void;
  onChange: (text: string) => void;
}

// Field and marks are drawn one over the other, so every measure of the letters must be the same.
export const letters = {
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

/** The last line break of a text has no height of its own. */
const END = '\u200b';

/** Under the field, of the same letters: gives it its height and carries the marks. */
const Marks = memo(function Marks({ text, segments, findings, compared }: Compared & { text: string }) {
  const box = useRef<HTMLDivElement>(null);
  const node = useRef<Text | null>(null);
  useLayoutEffect(() => {
    if (!node.current) {
      node.current = document.createTextNode('');
      box.current?.append(node.current);
    }
    patch(node.current, text + END);
  }, [text]);
  useLayoutEffect(() => {
    // Words that have changed since are compared again in a moment; till then the marks move with the text.
    if (!node.current || node.current.data !== `${compared}${END}`) return;
    return paint(node.current, segments, findings);
  }, [segments, findings, compared]);
  return (
    <Box
      aria-hidden
      ref={box}
      sx={{
        ...letters,
        color: 'transparent',
        pointerEvents: 'none',
        minHeight: '6.25em',
        '&::highlight(polish-inserted)': {
          bgcolor: 'primary.light',
          textDecoration: 'underline 2px',
          textDecorationColor: (theme) => theme.palette.primary.main,
        },
        '&::highlight(polish-fact)': {
          bgcolor: 'warning.light',
          textDecoration: 'underline wavy 1.5px',
          textDecorationColor: (theme) => theme.palette.warning.main,
        },
      }}
    />
  );
});

/** The words as they stand, marked where they are not the doctor's own and where a fact changed. As high as its text. */
export function TurnEditor({ text, label, readOnly, inputRef, onChange, ...compared }: Props) {
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
      <Marks text={text} segments={compared.segments} findings={compared.findings} compared={compared.compared} />
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
