import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import { useEffect } from 'react';
import { useTranslate } from 'react-admin';
import { EmptyState } from '../listing/EmptyState';
import { FirstProject } from '../projects/FirstProject';
import { lastProjectSlug, openProject, pathInHash } from '../session/project';
import { loadMe, signOut, type Project } from '../session/session';

const LOOK_AGAIN_MS = 3_000;

interface Props {
  /** Of the address; `null` when it names no project. */
  slug: string | null;
  projects: Project[];
  /** True for the admin of the installation. */
  mayCreate: boolean;
}

/** An address without a project goes on in the last one used; one that isn't mine says so. */
export default function OpenProject({ slug, projects, mayCreate }: Props) {
  const translate = useTranslate();
  const best = projects.find((project) => project.slug === lastProjectSlug()) ?? projects[0];
  useEffect(() => {
    if (slug === null && best) openProject(best.slug, pathInHash(window.location.hash), true);
  }, [slug, best]);
  useEffect(() => {
    if (best) return;
    // Someone may be adding me, or the demo is still being written.
    const timer = setInterval(() => void loadMe().catch(() => undefined), LOOK_AGAIN_MS);
    return () => clearInterval(timer);
  }, [best]);
  if (slug === null && best) return null;
  if (!best && mayCreate) return <FirstProject />;
  const words = best ? 'unknown_project' : 'no_project';
  return (
    <Box component="main">
      <EmptyState
        level="h1"
        title={translate(`app.${words}_title`)}
        text={translate(`app.${words}_text`)}
        action={
          best ? (
            <Button variant="contained" onClick={() => openProject(best.slug)}>
              {translate('app.open_other', { name: best.name })}
            </Button>
          ) : (
            <Button variant="outlined" onClick={() => void signOut()}>
              {translate('app.sign_out')}
            </Button>
          )
        }
      />
    </Box>
  );
}
