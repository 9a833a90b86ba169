import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { ReactNode } from 'react';
import { Title } from 'react-admin';

interface Props {
  /** Goes into the layout's h1, like the titles of react-admin's own pages. */
  title: string;
  /** One sentence under it. */
  lead?: ReactNode;
  actions?: ReactNode;
}

/** Head of a page that is not a stock list or form. */
export function PageHeader({ title, lead, actions }: Props) {
  return (
    <>
      <Title title={title} preferenceKey={false} />
      {(lead || actions) && (
        <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center', mb: 2 }}>
          <Typography component="div" sx={{ color: 'text.secondary', flex: '1 1 20em' }}>
            {lead}
          </Typography>
          <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 1 }}>{actions}</Box>
        </Box>
      )}
    </>
  );
}
