import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { ReactNode, SubmitEvent } from 'react';
import { useTranslate } from 'react-admin';
import { LanguageSwitch } from '../layout/LanguageSwitch';

interface Props {
  title: string;
  lead: string;
  children: ReactNode;
  onSubmit?: () => void;
}

/** The sheet of paper on which one signs in, joins, or sets a new password. */
export function Door({ title, lead, children, onSubmit }: Props) {
  const translate = useTranslate();
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSubmit?.();
  };
  return (
    <Box
      component="main"
      sx={{ minHeight: '100vh', display: 'grid', placeContent: 'center', justifyItems: 'center', gap: 2, p: 2 }}
    >
      <Typography sx={{ color: 'primary.main', fontWeight: 600, fontSize: '1.5rem', letterSpacing: '0.2em' }}>
        {translate('app.name')}
      </Typography>
      <Paper variant="outlined" sx={{ p: { xs: 2.5, sm: 4 }, width: 'min(26rem, calc(100vw - 32px))' }}>
        <Typography variant="h1">{title}</Typography>
        <Typography sx={{ color: 'text.secondary', mb: 2 }}>{lead}</Typography>
        <Box component="form" onSubmit={submit} noValidate sx={{ display: 'grid', gap: 2 }}>
          {children}
        </Box>
      </Paper>
      <LanguageSwitch />
    </Box>
  );
}
