import Box from '@mui/material/Box';
import LinearProgress from '@mui/material/LinearProgress';
import Typography from '@mui/material/Typography';
import type { Dashboard } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Money } from '../components/Money';

/** This month's money: spent and held for calls under way, against the limit. */
export function Spend({ spend }: { spend: Dashboard['spend'] }) {
  const translate = useTranslate();
  const { spent, reserved, limit, currency } = spend;
  const share = (part: number) => (limit ? Math.min(100, (part / limit) * 100) : 0);
  return (
    <Box sx={{ display: 'grid', gap: 1 }}>
      <Typography component="div" sx={{ fontSize: '1.375rem', fontWeight: 600 }}>
        <Money amount={spent} currency={currency} />
      </Typography>
      {limit !== null && (
        <LinearProgress
          variant="buffer"
          aria-label={translate('dashboard.spend')}
          value={share(spent)}
          valueBuffer={share(spent + reserved)}
          color={share(spent + reserved) >= 90 ? 'warning' : 'primary'}
          sx={{ height: 8, borderRadius: 1, bgcolor: 'divider', '& .MuiLinearProgress-dashed': { display: 'none' } }}
        />
      )}
      <Typography variant="body2" component="div" sx={{ color: 'text.secondary' }}>
        {translate('dashboard.reserved')} <Money amount={reserved} currency={currency} /> ·{' '}
        {limit === null ? translate('dashboard.no_limit') : translate('dashboard.limit')}{' '}
        {limit !== null && <Money amount={limit} currency={currency} />}
      </Typography>
    </Box>
  );
}
