import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';

interface Props {
  /** Something was answered or skipped since the page was opened. */
  did: boolean;
  /** Its lead has closed the set. */
  closed: boolean;
  /** What it was, and what it is good for. */
  children: ReactNode;
}

/** Thank you, and what you did; or that nothing is here. */
export function SittingEnd({ did, closed, children }: Props) {
  const translate = useTranslate();
  return (
    <Box component="main" sx={{ maxWidth: 520, mx: 'auto', p: 3, pt: 8, display: 'grid', gap: 2, textAlign: 'center' }}>
      <Typography variant="h1">
        {translate(closed ? 'resources.sitting.closed_title' : `resources.doctor-work.${did ? 'thanks' : 'nothing'}`)}
      </Typography>
      {closed && <Typography>{translate('resources.sitting.closed_text')}</Typography>}
      <Box sx={{ color: 'text.secondary', display: 'grid', gap: 1 }}>
        {did ? children : !closed && translate('resources.doctor-work.nothing_text')}
      </Box>
      <Button variant="contained" size="large" component={Link} to="/work" sx={{ justifySelf: 'center' }}>
        {translate('resources.doctor-work.to_queues')}
      </Button>
    </Box>
  );
}
