import Box from '@mui/material/Box';
import { lazy, Suspense, useEffect } from 'react';
import type { Session } from '../../session/session';
import { Waiting } from '../Waiting';

const load = () => import('./SessionEnded');
const SessionEnded = lazy(load);

/** No part of the first load; fetched while the session is still good, since later there may be nobody to fetch it from. */
const FETCH_AFTER_MS = 60_000;

/** Covers the page at once when its session has run out, also while the sign-in is on its way. */
export function SessionCover({ session }: { session: Session }) {
  const isIn = session.status === 'in';
  useEffect(() => {
    if (!isIn) return;
    const timer = setTimeout(() => void load().catch(() => undefined), FETCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isIn]);
  if (session.status !== 'ended') return null;
  const cover = (
    <Box
      sx={{ position: 'fixed', inset: 0, bgcolor: 'background.default', zIndex: (theme) => theme.zIndex.tooltip + 1 }}
    >
      <Waiting />
    </Box>
  );
  return (
    <Suspense fallback={cover}>
      <SessionEnded person={session.person} />
    </Suspense>
  );
}
