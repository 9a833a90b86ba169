import { lazy } from 'react';
import { CoreAdminUI, CustomRoutes, Resource } from 'ra-core';
import { AuthenticationError, Error as ErrorPage, Notification } from 'react-admin';
import { Route } from 'react-router-dom';
import { AccessDeniedPage } from '../layout/AccessDeniedPage';
import { ConsoleLayout } from '../layout/ConsoleLayout';
import { ResourcesContext } from '../layout/resources-context';
import type { ConsoleResource, ConsoleRoute } from '../resource';
import { ProjectNews } from '../session/ProjectNews';
import { NotFoundPage } from '../layout/NotFoundPage';
import { Waiting } from './Waiting';

const DashboardPage = lazy(() => import('../dashboard/DashboardPage'));

function pageOf({ path, Component }: ConsoleRoute) {
  return <Route key={path} path={path} element={<Component />} />;
}

/** One project, drawn by react-admin: its frame without the sign-in page of its own, which brings all of its forms along. */
export function Workspace({ resources }: { resources: ConsoleResource[] }) {
  const routes = resources.flatMap((resource) => resource.routes ?? []);
  return (
    <ResourcesContext.Provider value={resources}>
      <ProjectNews />
      <CoreAdminUI
        disableTelemetry
        requireAuth
        loginPage={false}
        layout={ConsoleLayout}
        dashboard={DashboardPage}
        accessDenied={AccessDeniedPage}
        catchAll={NotFoundPage}
        loading={Waiting}
        error={ErrorPage}
        authenticationError={AuthenticationError}
      >
        {resources.map(({ group: _group, inMenu: _inMenu, right: _right, routes: _routes, ...resource }) => (
          <Resource key={resource.name} {...resource} />
        ))}
        <CustomRoutes>{routes.filter((route) => !route.bare).map(pageOf)}</CustomRoutes>
        <CustomRoutes noLayout>{routes.filter((route) => route.bare).map(pageOf)}</CustomRoutes>
      </CoreAdminUI>
      <Notification />
    </ResourcesContext.Provider>
  );
}
