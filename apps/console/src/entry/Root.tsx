import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { I18nProvider } from 'ra-core';
import { AdminContext } from 'react-admin';
import { HashRouter } from 'react-router-dom';
import { authProvider } from '../session/auth-provider';
import { dataProvider } from '../providers/data-provider';
import { onReturn } from '../providers/returns';
import { slugInHash, subscribeProject } from '../session/project';
import { queryClient } from '../session/query-client';
import { loadMe, personOf } from '../session/session';
import { storeFor } from '../session/store';
import { useSession } from '../session/useSession';
import type { ConsoleResource } from '../resource';
import { useDensity } from '../theme/density';
import { buildTheme } from '../theme/theme';
import { Entry } from './Entry';

interface Props {
  resources: ConsoleResource[];
  i18nProvider: I18nProvider;
}

/** Frame around every page: language, look, address. A change of project draws everything anew. */
export function Root({ resources, i18nProvider }: Props) {
  const session = useSession();
  const density = useDensity();
  const hash = useSyncExternalStore(subscribeProject, () => window.location.hash);
  const [failure, setFailure] = useState<unknown>(null);
  const [attempt, setAttempt] = useState(0);
  const slug = slugInHash(hash);
  const themes = useMemo(() => ({ light: buildTheme('light', density), dark: buildTheme('dark', density) }), [density]);
  const store = useMemo(() => storeFor(slug ?? ''), [slug]);

  useEffect(() => {
    loadMe().then(() => setFailure(null), setFailure);
  }, [attempt]);

  // Back on line, or signed in again: whatever failed meanwhile, or has changed, is read once more.
  useEffect(
    () =>
      onReturn(() => {
        setAttempt((before) => before + 1);
        void queryClient.invalidateQueries();
      }),
    [],
  );

  // Answers of one project, or of the person before, are no one else's.
  const personId = personOf(session)?.id;
  useEffect(() => () => queryClient.clear(), [slug, personId]);

  return (
    <HashRouter key={slug ?? ''} basename={slug ? `/p/${slug}` : undefined}>
      <AdminContext
        authProvider={authProvider}
        dataProvider={dataProvider}
        i18nProvider={i18nProvider}
        queryClient={queryClient}
        store={store}
        lightTheme={themes.light}
        darkTheme={themes.dark}
      >
        <Entry
          hash={hash}
          session={session}
          resources={resources}
          failure={session.status === 'unknown' ? failure : null}
          onRetry={() => setAttempt(attempt + 1)}
        />
      </AdminContext>
    </HashRouter>
  );
}
