import Button from '@mui/material/Button';
import { useTranslate } from 'react-admin';
import { Link } from 'react-router-dom';
import { EmptyState } from '../listing/EmptyState';
import { PageHeader } from '../listing/PageHeader';

export function NotFoundPage() {
  const translate = useTranslate();
  return (
    <>
      <PageHeader title={translate('ra.page.not_found')} />
      <EmptyState
        title={translate('ra.message.not_found')}
        action={
          <Button variant="outlined" component={Link} to="/">
            {translate('group.overview')}
          </Button>
        }
      />
    </>
  );
}
