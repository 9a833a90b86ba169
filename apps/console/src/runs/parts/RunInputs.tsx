import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableRow from '@mui/material/TableRow';
import type { RunInputView } from '@qingnang/contracts';
import { useTranslate } from 'react-admin';
import { TextLink } from '../../components/TextLink';
import { Section } from '../../components/Section';
import { shortHash } from '../run-model';

/** Snapshots and models a run read, by role, each with the hash that was checked. */
export function RunInputs({ inputs }: { inputs: RunInputView[] }) {
  const translate = useTranslate();
  return (
    <Section title={translate('resources.runs.inputs')}>
      <Table size="small">
        <TableBody>
          {inputs.map(({ role, name, digest, snapshotId, modelId }) => (
            <TableRow key={role}>
              <TableCell sx={{ whiteSpace: 'nowrap' }}>{translate(`resources.runs.roles.${role}`)}</TableCell>
              <TableCell>
                <TextLink to={snapshotId === null ? `/models/${modelId}/show` : `/snapshots/${snapshotId}/show`}>
                  {name}
                </TextLink>
              </TableCell>
              <TableCell>
                <code title={digest}>{shortHash(digest)}</code>
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Section>
  );
}
