import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Divider from '@mui/material/Divider';
import Menu from '@mui/material/Menu';
import MenuItem from '@mui/material/MenuItem';
import { useState } from 'react';
import { useTranslate } from 'react-admin';
import { useNavigate } from 'react-router-dom';
import { openProject } from '../session/project';
import { worksOnly } from '../session/rights';
import { useProject, useSession } from '../session/useSession';

export function ProjectSwitcher() {
  const translate = useTranslate();
  const navigate = useNavigate();
  const session = useSession();
  const project = useProject();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  if (!('projects' in session) || !project) return null;
  const close = () => setAnchor(null);
  return (
    <>
      <Button
        color="inherit"
        onClick={(event) => setAnchor(event.currentTarget)}
        aria-haspopup="menu"
        aria-expanded={anchor !== null}
        aria-label={`${translate('app.switch_project')}: ${project.name}`}
        sx={{ minWidth: 0, flexShrink: 1 }}
      >
        <Box component="span" sx={{ overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' }}>
          {project.name}
        </Box>
        <Box component="span" aria-hidden sx={{ ml: 0.5 }}>
          ▾
        </Box>
      </Button>
      <Menu open={anchor !== null} anchorEl={anchor} onClose={close}>
        {session.projects.map((each) => (
          <MenuItem
            key={each.slug}
            selected={each.slug === project.slug}
            onClick={() => {
              close();
              openProject(each.slug);
            }}
          >
            {each.name}
          </MenuItem>
        ))}
        {!worksOnly(session.person, project.roles) && <Divider />}
        {!worksOnly(session.person, project.roles) && (
          <MenuItem
            onClick={() => {
              close();
              navigate('/projects');
            }}
          >
            {translate('app.all_projects')}
          </MenuItem>
        )}
      </Menu>
    </>
  );
}
