import { Navigate } from 'react-router-dom';
import { useTranslate } from 'react-admin';
import { ErrorState } from '../listing/ErrorState';
import { PageHeader } from '../listing/PageHeader';
import { RowsSkeleton } from '../listing/RowsSkeleton';
import { useMayDo } from '../session/useMayDo';
import { Board } from './Board';
import { useDashboard } from './useDashboard';

export default function DashboardPage() {
  const translate = useTranslate();
  const may = useMayDo();
  const { data, error, refetch } = useDashboard();
  if (!may('dashboard', 'read')) return <Navigate to="/work" replace />;
  return (
    <>
      <PageHeader title={translate('group.overview')} />
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !data && <RowsSkeleton rows={8} />}
      {data && <Board dashboard={data} />}
    </>
  );
}
