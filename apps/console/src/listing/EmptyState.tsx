import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';

interface Props {
  title: string;
  /** What would be here. */
  text?: ReactNode;
  /** One button. */
  action?: ReactNode;
  /** `h1` where it is the whole page. */
  level?: 'h1' | 'h2';
}

export function EmptyState({ title, text, action, level = 'h2' }: Props) {
  return (
    <Box sx={{ py: 6, px: 2, textAlign: 'center', display: 'grid', gap: 1.5, justifyItems: 'center' }}>
      <Typography variant="h2" component={level}>
        {title}
      </Typography>
      {text && <Typography sx={{ color: 'text.secondary', maxWidth: '36em' }}>{text}</Typography>}
      {action}
    </Box>
  );
}
