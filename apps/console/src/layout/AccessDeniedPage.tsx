import Button from '@mui/material/Button';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { EmptyState } from '../listing/EmptyState';
import { PageHeader } from '../listing/PageHeader';

/** A page that the role table keeps from me. */
export function AccessDeniedPage() {
  const translate = useTranslate();
  return (
    <>
      <PageHeader title={translate('ra.page.access_denied')} />
      <EmptyState
        title={translate('errors.access.denied')}
        action={
          <Button variant="outlined" component={Link} to="/work">
            {translate('app.to_work')}
          </Button>
        }
      />
    </>
  );
}
