import Button from '@mui/material/Button';
import { useTranslate } from 'react-admin';
import { NavLink } from 'react-router-dom';

const pages = [
  { to: '/work', words: 'resources.work.queues' },
  { to: '/work/mine', words: 'resources.work.mine' },
];

/** The two pages of the light entry. */
export function WorkLinks() {
  const translate = useTranslate();
  return (
    <>
      {pages.map(({ to, words }) => (
        <Button
          key={to}
          component={NavLink}
          to={to}
          end
          sx={{ '&.active': { textDecoration: 'underline', textUnderlineOffset: '0.4em' }, px: 1, minWidth: 0 }}
        >
          {translate(words)}
        </Button>
      ))}
    </>
  );
}
