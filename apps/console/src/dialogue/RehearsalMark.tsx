import Box from '@mui/material/Box';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';

interface Props {
  children?: ReactNode;
  /** False draws the children alone, so that callers need no branch. */
  when?: boolean;
}

/** Text that descends from the rehearsal model: a dotted rule on its left and the word for it. */
export function RehearsalMark({ children, when = true }: Props) {
  const translate = useTranslate();
  if (!when) return <>{children}</>;
  return (
    <Box sx={{ borderLeft: '3px dotted', borderColor: 'warning.main', pl: 1.5 }}>
      <Box
        component="span"
        title={translate('piece.rehearsal_hint')}
        sx={{ color: 'warning.main', fontSize: '0.8125rem', display: 'block' }}
      >
        {translate('piece.rehearsal')}
      </Box>
      {children}
    </Box>
  );
}
