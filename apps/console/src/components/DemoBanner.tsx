import Box from '@mui/material/Box';
import { useTranslate } from 'react-admin';
import { useProject } from '../session/useSession';

/** Synthetic demo data says so above every page of its project. */
export function DemoBanner() {
  const translate = useTranslate();
  const project = useProject();
  if (!project?.isDemo) return null;
  return (
    <Box
      role="note"
      sx={{
        px: 2,
        py: 0.5,
        bgcolor: 'warning.light',
        color: 'text.primary',
        fontSize: '0.875rem',
        textAlign: 'center',
      }}
    >
      {translate('app.demo')}
    </Box>
  );
}
