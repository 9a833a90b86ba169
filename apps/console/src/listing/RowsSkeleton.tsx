import Box from '@mui/material/Box';
import Skeleton from '@mui/material/Skeleton';
import { useTranslate } from 'react-admin';

/** Holds the place of rows at the height they will have, so that nothing jumps when they come. */
export function RowsSkeleton({ rows = 8, height = 53 }: { rows?: number; height?: number }) {
  const translate = useTranslate();
  return (
    <Box role="status" aria-label={translate('state.loading')}>
      {Array.from({ length: rows }, (_, index) => (
        <Skeleton key={index} variant="rectangular" height={height - 1} sx={{ mb: '1px', opacity: 0.6 }} />
      ))}
    </Box>
  );
}
