import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';
import { useTranslate } from 'react-admin';

/** Holds the place of both halves while the first record is on its way. */
export function ReviewSkeleton() {
  const translate = useTranslate();
  return (
    <Box
      role="status"
      aria-label={translate('state.loading')}
      sx={{ p: 3, display: 'grid', gap: 3, gridTemplateColumns: { xs: '1fr', md: '2fr 3fr' } }}
    >
      <Skeleton variant="rectangular" height={240} />
      <Skeleton variant="rectangular" height={320} />
    </Box>
  );
}
