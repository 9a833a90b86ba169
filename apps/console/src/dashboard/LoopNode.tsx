import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import type { DashboardStop } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Count } from '../components/Count';

interface Props {
  stop: DashboardStop;
  /** Lit as the next thing to do. */
  isNext: boolean;
}

const linkSx = { color: 'inherit', textDecoration: 'none', '&:hover': { textDecoration: 'underline' } } as const;

/** One stop: its count opens the list behind it, and so does what waits there. */
export function LoopNode({ stop, isNext }: Props) {
  const translate = useTranslate();
  return (
    <Box
      sx={{
        position: 'relative',
        height: '100%',
        minHeight: 104,
        border: isNext ? 2 : 1,
        borderColor: isNext ? 'primary.main' : 'divider',
        borderRadius: 1,
        bgcolor: isNext ? 'primary.light' : 'background.paper',
        px: 1.5,
        py: 1,
        '&:hover': { borderColor: 'primary.main' },
      }}
    >
      <Typography component="h2" variant="body2" sx={{ fontWeight: 600 }}>
        <Box
          component={Link}
          to={stop.href}
          sx={{ ...linkSx, '&::after': { content: '""', position: 'absolute', inset: 0 } }}
        >
          {translate(`dashboard.stops.${stop.key}`)}
        </Box>
      </Typography>
      <Typography component="div" sx={{ fontSize: '1.375rem', fontWeight: 600, lineHeight: 1.4 }}>
        <Count value={stop.count} />
      </Typography>
      <Box sx={{ display: 'flex', flexWrap: 'wrap', columnGap: 1.5, fontSize: '0.8125rem', color: 'text.secondary' }}>
        {stop.waiting > 0 && (
          <Box
            component={Link}
            to={stop.waitingHref ?? stop.href}
            sx={{ ...linkSx, color: 'warning.main', position: 'relative', zIndex: 1 }}
          >
            {translate('dashboard.waiting')} <Count value={stop.waiting} />
          </Box>
        )}
        {stop.today !== 0 && (
          <span>
            {translate('dashboard.today')} {stop.today > 0 && '+'}
            <Count value={stop.today} />
          </span>
        )}
        {isNext && (
          <Box component="span" sx={{ color: 'primary.main', fontWeight: 600 }}>
            {translate('dashboard.next')}
          </Box>
        )}
      </Box>
    </Box>
  );
}
