import Box from '@mui/material/Box';
import type { ReactNode } from 'react';
import { useParams } from 'react-router-dom';
import { DemoBanner } from '../../components/DemoBanner';
import { DiskNotice } from '../../components/DiskNotice';
import { Waiting } from '../../entry/Waiting';
import { ErrorState } from '../../listing/ErrorState';
import { usePerson, useProject } from '../../session/useSession';
import type { Place } from '../sitting';

/** Fills the screen and nothing more; the page inside is drawn anew for each queue. */
export function SittingRoom({ children }: { children: (place: Place) => ReactNode }) {
  const { taskSetId } = useParams();
  const project = useProject();
  const person = usePerson();
  if (!taskSetId || !project) return null;
  return (
    <Box sx={{ height: '100dvh', display: 'flex', flexDirection: 'column', bgcolor: 'background.default' }}>
      <DemoBanner />
      <DiskNotice />
      {children({ taskSetId, projectSlug: project.slug, personId: person.id })}
    </Box>
  );
}

/** While nothing is at hand. */
export function NotYet({ failure, onRetry }: { failure: unknown; onRetry: () => void }) {
  if (!failure) return <Waiting />;
  return (
    <Box component="main" sx={{ maxWidth: 640, mx: 'auto', p: 3, width: '100%' }}>
      <ErrorState error={failure} onRetry={onRetry} />
    </Box>
  );
}
