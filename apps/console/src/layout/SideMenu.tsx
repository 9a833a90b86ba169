import Box from '@mui/material/Box';
import Drawer from '@mui/material/Drawer';
import List from '@mui/material/List';
import ListItem from '@mui/material/ListItem';
import ListItemButton from '@mui/material/ListItemButton';
import Typography from '@mui/material/Typography';
import { useContext } from 'react';
import { useTranslate } from 'react-admin';
import { NavLink } from 'react-router-dom';
import { useMayDo } from '../session/useMayDo';
import { useProject } from '../session/useSession';
import { menuGroups, type ConsoleResource } from '../resource';
import { ResourcesContext } from './resources-context';

const WIDTH = 208;

interface Props {
  open: boolean;
  onClose: () => void;
}

interface ItemProps {
  to: string;
  label: string;
  onClick: () => void;
}

function Item({ to, label, onClick }: ItemProps) {
  return (
    <ListItem disablePadding>
      <ListItemButton
        component={NavLink}
        to={to}
        end={to === '/'}
        onClick={onClick}
        sx={{
          borderLeft: '3px solid transparent',
          py: 0.75,
          '&.active': { borderColor: 'primary.main', bgcolor: 'action.selected', fontWeight: 600 },
        }}
      >
        {label}
      </ListItemButton>
    </ListItem>
  );
}

function Items({ onPick }: { onPick: () => void }) {
  const translate = useTranslate();
  const may = useMayDo();
  const resources = useContext(ResourcesContext);
  const shown = (resource: ConsoleResource) =>
    resource.inMenu !== false && Boolean(resource.list) && may(resource.right ?? resource.name, 'list');
  return (
    <Box component="nav" aria-label={translate('app.main_navigation')} sx={{ py: 1 }}>
      <List dense disablePadding>
        <Item to="/" label={translate('group.overview')} onClick={onPick} />
      </List>
      {menuGroups.map((group) => {
        const members = resources.filter((resource) => resource.group === group && shown(resource));
        if (members.length === 0) return null;
        return (
          <Box key={group} sx={{ mt: 1.5 }}>
            <Typography id={`menu-${group}`} variant="caption" component="div" sx={{ px: 2, color: 'text.secondary' }}>
              {translate(`group.${group}`)}
            </Typography>
            <List dense disablePadding aria-labelledby={`menu-${group}`}>
              {members.map(({ name }) => (
                <Item
                  key={name}
                  to={`/${name}`}
                  label={translate(`resources.${name}.menu`, {
                    _: translate(`resources.${name}.name`, { smart_count: 2 }),
                  })}
                  onClick={onPick}
                />
              ))}
            </List>
          </Box>
        );
      })}
    </Box>
  );
}

/** At the side where there is room, else behind the menu button. */
export function SideMenu({ open, onClose }: Props) {
  // Below the header, which is one line taller while it says that the data is synthetic.
  const top = useProject()?.isDemo ? 90 : 57;
  return (
    <>
      <Box
        sx={{
          display: { xs: 'none', md: 'block' },
          width: WIDTH,
          flexShrink: 0,
          borderRight: 1,
          borderColor: 'divider',
        }}
      >
        <Box sx={{ position: 'sticky', top, maxHeight: `calc(100vh - ${top}px)`, overflowY: 'auto' }}>
          <Items onPick={onClose} />
        </Box>
      </Box>
      <Drawer open={open} onClose={onClose} sx={{ display: { md: 'none' } }}>
        <Box sx={{ width: WIDTH + 40 }}>
          <Items onPick={onClose} />
        </Box>
      </Drawer>
    </>
  );
}
