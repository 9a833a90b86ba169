import AppBar from '@mui/material/AppBar';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Toolbar from '@mui/material/Toolbar';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { DemoBanner } from '../components/DemoBanner';
import { DiskNotice } from '../components/DiskNotice';
import { worksOnly } from '../session/rights';
import { usePerson, useProject } from '../session/useSession';
import { AccountMenu } from './AccountMenu';
import { ProjectSwitcher } from './ProjectSwitcher';
import { RunningWork } from './RunningWork';
import { WorkLinks } from './WorkLinks';

interface Props {
  light: boolean;
  onMenu: () => void;
}

export function Header({ light, onMenu }: Props) {
  const translate = useTranslate();
  const person = usePerson();
  const project = useProject();
  const mayManage = !worksOnly(person, project?.roles ?? []);
  return (
    <AppBar position="sticky" sx={{ borderBottom: 1, borderColor: 'divider', bgcolor: 'background.paper' }}>
      <Toolbar sx={{ gap: 1, minHeight: { xs: 56 }, px: { xs: 1, sm: 2 } }}>
        {!light && (
          <Button onClick={onMenu} sx={{ display: { md: 'none' } }}>
            {translate('app.menu')}
          </Button>
        )}
        <Box
          component={Link}
          to={light ? '/work' : '/'}
          sx={{
            color: 'primary.main',
            fontWeight: 600,
            fontSize: '1.125rem',
            textDecoration: 'none',
            display: { xs: 'none', sm: 'inline' },
          }}
        >
          {translate('app.name')}
        </Box>
        <ProjectSwitcher />
        {light && <WorkLinks />}
        <Box sx={{ flex: 1 }} />
        {!light && <RunningWork />}
        {mayManage && (
          <Button component={Link} to={light ? '/' : '/work'} sx={{ display: { xs: 'none', sm: 'inline-flex' } }}>
            {translate(light ? 'app.to_full' : 'app.to_work')}
          </Button>
        )}
        <AccountMenu light={light} />
      </Toolbar>
      <DemoBanner />
      <DiskNotice />
    </AppBar>
  );
}
