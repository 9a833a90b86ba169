import Box from '@mui/material/Box';
import Typography from '@mui/material/Typography';
import { Suspense, useState, type ReactNode } from 'react';
import { SkipNavigationButton } from 'react-admin';
import { useLocation } from 'react-router-dom';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { worksOnly } from '../session/rights';
import { usePerson, useProject } from '../session/useSession';
import { ErrorBoundary } from './ErrorBoundary';
import { Header } from './Header';
import { SideMenu } from './SideMenu';
import { usePageTitle } from './usePageTitle';

/** Address of the light entry: my queues and my work. */
const WORK = '/work';

/**
 * Header, menu and the page. People who only answer tasks, and everyone on the pages of their own work, get the light
 * one without a menu. The h1 is here: titles of pages are put into it.
 */
export function ConsoleLayout({ children }: { children: ReactNode }) {
  const [menuOpen, setMenuOpen] = useState(false);
  const { pathname } = useLocation();
  const person = usePerson();
  const project = useProject();
  const heading = usePageTitle();
  const light = worksOnly(person, project?.roles ?? []) || pathname.startsWith(WORK);
  return (
    <Box sx={{ minHeight: '100vh', display: 'flex', flexDirection: 'column', bgcolor: 'background.default' }}>
      <SkipNavigationButton />
      <Header light={light} onMenu={() => setMenuOpen(true)} />
      <Box sx={{ display: 'flex', flex: 1, minWidth: 0 }}>
        {!light && <SideMenu open={menuOpen} onClose={() => setMenuOpen(false)} />}
        <Box
          component="main"
          id="main-content"
          tabIndex={-1}
          sx={{ flex: 1, minWidth: 0, px: { xs: 2, md: 3 }, py: 2, maxWidth: 1440, mx: 'auto', outline: 'none' }}
        >
          <Typography
            ref={heading}
            id="react-admin-title"
            variant="h1"
            sx={{ mb: 1.5, '&:empty': { display: 'none' } }}
          />
          <ErrorBoundary key={pathname}>
            <Suspense fallback={<RowsSkeleton rows={5} />}>{children}</Suspense>
          </ErrorBoundary>
        </Box>
      </Box>
    </Box>
  );
}
