import Box from '@mui/material/Box';
import CssBaseline from '@mui/material/CssBaseline';
import { lazy, Suspense } from 'react';
import { ErrorState } from '../listing/ErrorState';
import { slugInHash } from '../session/project';
import type { Session } from '../session/session';
import type { ConsoleResource } from '../resource';
import { ConnectionNotice } from './ConnectionNotice';
import { LanguageOfPerson } from './LanguageOfPerson';
import { SessionCover } from './sign-in/SessionCover';
import { Waiting } from './Waiting';
import { Workspace } from './Workspace';

// Pages that one sees once.
const AcceptInvitePage = lazy(() => import('./AcceptInvitePage'));
const JoinPage = lazy(() => import('./JoinPage'));
const OpenProject = lazy(() => import('./OpenProject'));
const ResetPasswordPage = lazy(() => import('./ResetPasswordPage'));
const SignInPage = lazy(() => import('./sign-in/SignInPage'));

interface Props {
  hash: string;
  session: Session;
  resources: ConsoleResource[];
  failure: unknown;
  onRetry: () => void;
}

function Content({ hash, session, resources, failure, onRetry }: Props) {
  const [, page, token] = /^#\/(invite|reset-password)(?:\/([^/?]+))?/.exec(hash) ?? [];
  if (page === 'invite' && token && session.status === 'in') return <JoinPage token={token} person={session.person} />;
  if (page === 'invite' && session.status === 'unknown' && !failure) return <Waiting />;
  if (page === 'invite') return <AcceptInvitePage token={token ?? null} />;
  if (page === 'reset-password') return <ResetPasswordPage token={token ?? null} />;
  if (failure) {
    return (
      <Box component="main" sx={{ maxWidth: 640, mx: 'auto', p: 3, pt: 8 }}>
        <ErrorState error={failure} onRetry={onRetry} />
      </Box>
    );
  }
  if (session.status === 'unknown') return <Waiting />;
  // Drawn in place, so that signing in goes on where one was.
  if (session.status === 'out') return <SignInPage />;
  const { projects, person } = session;
  const slug = slugInHash(hash);
  const isMember = projects.some((project) => project.slug === slug);
  // What one person has before them is nobody else's.
  if (isMember) return <Workspace key={person.id} resources={resources} />;
  return <OpenProject slug={slug} projects={projects} mayCreate={person.installationAdmin} />;
}

/** Decides which of the few first pages stands: a link from outside, the sign-in, or a project. */
export function Entry(props: Props) {
  return (
    <>
      <CssBaseline enableColorScheme />
      <LanguageOfPerson session={props.session} />
      <Suspense fallback={<Waiting />}>
        <Content {...props} />
      </Suspense>
      <SessionCover session={props.session} />
      <ConnectionNotice />
    </>
  );
}
