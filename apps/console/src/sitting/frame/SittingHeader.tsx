import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import type { ReactNode } from 'react';
import { Link } from 'react-router-dom';
import type { SaveState } from '../drafts/draft-sync';
import { SaveWord } from '../drafts/SaveWord';

interface Props {
  /** Where one came from, and its name. */
  back: { to: string; name: string };
  save: SaveState;
  /** Where one is. */
  children: ReactNode;
  /** Tools of this kind of sitting, at the end. */
  tools?: ReactNode;
}

/** Over every sitting: the way back, where one is, and whether the words are safe. */
export function SittingHeader({ back, save, children, tools }: Props) {
  return (
    <Box
      component="header"
      sx={{
        display: 'flex',
        flexWrap: 'wrap',
        alignItems: 'center',
        columnGap: 2,
        px: { xs: 1, md: 3 },
        py: 0.5,
        borderBottom: 1,
        borderColor: 'divider',
        bgcolor: 'background.paper',
      }}
    >
      <Button component={Link} to={back.to} sx={{ minWidth: 0, px: 1 }}>
        <span aria-hidden>←&nbsp;</span>
        {back.name}
      </Button>
      {children}
      <Box sx={{ flex: 1 }} />
      <SaveWord save={save} />
      {tools}
    </Box>
  );
}

/** The queue's name, as the page's title. */
export function SittingTitle({ children }: { children: ReactNode }) {
  return (
    <Box component="h1" sx={{ font: 'inherit', m: 0, fontWeight: 600 }}>
      {children}
    </Box>
  );
}
