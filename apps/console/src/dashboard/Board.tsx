import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import type { Dashboard } from '@qingnang/contracts';
import type { ReactNode } from 'react';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { Failures } from './Failures';
import { LastRun } from './LastRun';
import { LoopDrawing } from './LoopDrawing';
import { Needs } from './Needs';
import { Spend } from './Spend';

function Panel({ title, children, wide }: { title: string; children: ReactNode; wide?: boolean }) {
  return (
    <Paper
      component="section"
      variant="outlined"
      sx={{ p: 2, gridColumn: wide ? { md: '1 / -1' } : undefined, minWidth: 0 }}
    >
      <Typography variant="h2" sx={{ mb: 1 }}>
        {title}
      </Typography>
      {children}
    </Paper>
  );
}

function NextStep({ dashboard }: { dashboard: Dashboard }) {
  const translate = useTranslate();
  const stop = dashboard.stops.find(({ key }) => key === dashboard.nextStep);
  if (!stop) return null;
  return (
    <Box sx={{ display: 'flex', flexWrap: 'wrap', gap: 2, alignItems: 'center', my: 2 }}>
      <Typography sx={{ flex: '1 1 20em' }}>{translate(`dashboard.next_text.${stop.key}`)}</Typography>
      <Button variant="contained" component={Link} to={stop.href}>
        {translate('dashboard.go', { stop: translate(`dashboard.stops.${stop.key}`) })}
      </Button>
    </Box>
  );
}

/** Where we are, what needs me, what it cost, what is wrong. */
export function Board({ dashboard }: { dashboard: Dashboard }) {
  const translate = useTranslate();
  return (
    <>
      <LoopDrawing dashboard={dashboard} />
      <NextStep dashboard={dashboard} />
      <Box
        sx={{
          display: 'grid',
          gap: 2,
          mt: 3,
          gridTemplateColumns: { xs: 'minmax(0, 1fr)', md: 'repeat(3, minmax(0, 1fr))' },
        }}
      >
        <Panel title={translate('dashboard.needs_me')}>
          <Needs needs={dashboard.needsMe} />
        </Panel>
        <Panel title={translate('dashboard.spend')}>
          <Spend spend={dashboard.spend} />
        </Panel>
        <Panel title={translate('dashboard.failures')}>
          <Failures failures={dashboard.failures} />
        </Panel>
        <Panel title={translate('dashboard.last_run')} wide>
          <LastRun run={dashboard.lastRun} />
        </Panel>
      </Box>
    </>
  );
}
