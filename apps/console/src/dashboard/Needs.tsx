import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { Dashboard } from '@qingnang/contracts';
import Link from '@mui/material/Link';
import { useTranslate } from 'react-admin';
import { Link as RouterLink } from 'react-router-dom';
import { Count } from '../components/Count';

export function Needs({ needs }: { needs: Dashboard['needsMe'] }) {
  const translate = useTranslate();
  if (needs.length === 0) {
    return <Typography sx={{ color: 'text.secondary' }}>{translate('dashboard.nothing_needed')}</Typography>;
  }
  return (
    <Box component="ul" sx={{ listStyle: 'none', m: 0, p: 0, display: 'grid', gap: 0.5 }}>
      {needs.map(({ kind, count, href }) => (
        <Box component="li" key={kind} sx={{ display: 'flex', justifyContent: 'space-between', gap: 2 }}>
          <Link component={RouterLink} to={href}>
            {translate(`dashboard.needs.${kind}`)}
          </Link>
          <Count value={count} />
        </Box>
      ))}
    </Box>
  );
}
